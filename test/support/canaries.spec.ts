import { Canaries } from './canaries.ts';

const canaries = new Canaries();
const word = canaries.mint('a word');
const name = canaries.mint('a name', 'name');
const email = canaries.mint('an e-mail', 'email');
const date = canaries.mint('a date', 'date');
const phone = canaries.mint('a phone', 'phone');
const code = canaries.mint('a code', 'code');
const secret = canaries.adopt('a secret', 'hunter2/very secret');

it.each([
  ['as it is', `x${word}y`, 'a word'],
  ['in capitals', word.toUpperCase(), 'a word'],
  ['a part of it', name.split(' ')[1] ?? '', 'a name'],
  ['in an address', encodeURIComponent(email), 'an e-mail'],
  ['a date', `"${date}"`, 'a date'],
  ['a phone', phone, 'a phone'],
  ['a code in small letters', code.toLowerCase(), 'a code'],
  ['in base64', Buffer.from(word).toString('base64'), 'a word'],
  ['in base64, one place on', Buffer.from(word).toString('base64url'), 'a word'],
  ['in hexadecimal', Buffer.from(email).toString('hex'), 'an e-mail'],
  ['a secret without a mark', secret, 'a secret'],
  ['a secret in base64', Buffer.from(secret).toString('base64'), 'a secret'],
  ['a secret in an address', encodeURIComponent(secret), 'a secret'],
])('a canary is seen %s', (_how, text, what) => {
  expect(canaries.leaksIn(`before ${text} after`)).toEqual([what]);
});

it('others are not seen, and what may be there is not told', () => {
  expect(canaries.leaksIn('{"event":"app.started","time":"2026-11-22"}')).toEqual([]);
  expect(canaries.leaksIn(word, [word])).toEqual([]);
});

it('knows who was never let in', () => {
  canaries.reach(`${word} ${email}`);
  expect(canaries.unseen).toEqual(['a name', 'a date', 'a phone', 'a code', 'a secret']);
});
