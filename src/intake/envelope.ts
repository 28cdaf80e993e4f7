import { IsObject, IsOptional, Length, Matches, type ValidationError, validateSync } from 'class-validator';
import { parse } from 'secure-json-parse';
import { LOCATOR_PATTERN, type LocatorName } from '../events/socotra-events.js';

/** Milliseconds since the epoch, as Core writes its `timestamp` type: digits in a string, or a number. */
const MILLISECONDS = /^\d{1,15}$/;

/** Within what {@link EnvelopeDto} takes for ids and types. */
const ORDINARY_NAME = /^[\w.-]{1,128}$/;

/** Core's envelopes have two or three; what is deeper costs whoever walks through it. */
const MOST_LEVELS = 16;
/** Core's `data` carries up to four; this much is kept of any event, and no more. */
const MOST_LOCATORS = 12;
/** Names of Core's entities; they become part of the root's name. */
const LOCATOR_NAME = /^[A-Za-z]{1,32}Locator$/;
/** A name in Socotra's configuration. Whoever forges a webhook may write anything, and people read this on a timeline. */
const REMINDER_NAME = /^[A-Za-z0-9_.-]{1,64}$/;

const NAME = { message: '$property must be a text of 1 to 128 characters' };

/** The envelope of a webhook; only these few fields are validated, `data` is read as an open map. */
class EnvelopeDto {
  @Length(1, 128, NAME)
  id!: string;

  @Length(1, 128, NAME)
  type!: string;

  @Matches(MILLISECONDS, { message: 'timestamp must be milliseconds since the epoch, as digits or a number' })
  timestamp!: string;

  @IsObject()
  data!: Record<string, unknown>;

  @IsOptional()
  @Length(0, 128, { message: '$property must be a text of 128 characters at most' })
  transactionId?: string;
}

export interface Envelope {
  readonly id: string;
  /** As sent; may be a name this program does not know. */
  readonly type: string;
  readonly occurredAtMs: number;
  readonly transactionId?: string;
  readonly locators: Readonly<Partial<Record<LocatorName, string>>>;
  readonly reminderName?: string;
}

export interface FieldProblem {
  readonly field: string;
  readonly problem: string;
}

export type EnvelopeReading =
  | { readonly ok: true; readonly envelope: Envelope }
  | { readonly ok: false; readonly problems: readonly FieldProblem[] };

/**
 * Reads one webhook body. Keys that could reach a prototype (`__proto__`, `constructor.prototype`) are refused anywhere
 * in the body.
 */
export function readEnvelope(body: string): EnvelopeReading {
  const json = parseJson(body);
  if (json === undefined) return refused('body', 'must be JSON without __proto__ or constructor.prototype members');
  if (isDeeperThan(MOST_LEVELS, json)) return refused('body', `must not be nested deeper than ${MOST_LEVELS} levels`);
  return readEnvelopeJson(json);
}

/**
 * Reads an envelope that is parsed already. Of `data` only `*Locator` members are kept, which must look like
 * locators, because they go into URLs, and the name of a reminder where it is one.
 */
export function readEnvelopeJson(json: unknown): EnvelopeReading {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return refused('body', 'must be a JSON object');
  const { id, type, timestamp, data, transactionId } = json as Partial<Record<keyof EnvelopeDto, unknown>>;
  const dto = Object.assign(new EnvelopeDto(), {
    id,
    type,
    timestamp: typeof timestamp === 'number' ? String(timestamp) : timestamp,
    data,
    transactionId: transactionId ?? undefined,
  });
  const problems = isOrdinary(dto) ? [] : validateSync(dto).map(toFieldProblem);
  if (problems.length > 0) return { ok: false, problems };
  const locators = readLocators(dto.data);
  if (!locators.ok) return locators;
  const { reminderName } = dto.data;
  return {
    ok: true,
    envelope: {
      id: dto.id,
      type: dto.type,
      occurredAtMs: Number(dto.timestamp),
      ...(dto.transactionId !== undefined && { transactionId: dto.transactionId }),
      locators: locators.values,
      ...(typeof reminderName === 'string' && REMINDER_NAME.test(reminderName) && { reminderName }),
    },
  };
}

/**
 * Whether nothing can be wrong with the fields, as it is with whatever Core sends. What is not ordinary need not be wrong:
 * class-validator says, and says what. Asked for every webhook it would cost as much as storing the event.
 */
function isOrdinary({
  id,
  type,
  timestamp,
  data,
  transactionId,
}: Readonly<Record<keyof EnvelopeDto, unknown>>): boolean {
  const isName = (value: unknown) => typeof value === 'string' && ORDINARY_NAME.test(value);
  return (
    isName(id) &&
    isName(type) &&
    typeof timestamp === 'string' &&
    MILLISECONDS.test(timestamp) &&
    typeof data === 'object' &&
    data !== null &&
    !Array.isArray(data) &&
    (transactionId === undefined || isName(transactionId))
  );
}

/** Goes no further down than it must, so that no depth can exhaust the stack. */
function isDeeperThan(levels: number, value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((member) => isDeeperThan(levels - 1, member));
}

function parseJson(body: string): unknown {
  try {
    return parse(body, undefined, { protoAction: 'error', constructorAction: 'error' });
  } catch {
    // Both kinds of refusal, malformed and poisoned, are the sender's to mend and get one answer.
    return undefined;
  }
}

function readLocators(
  data: Record<string, unknown>,
): { ok: true; values: Partial<Record<LocatorName, string>> } | { ok: false; problems: FieldProblem[] } {
  const values: Record<string, string> = {};
  const problems: FieldProblem[] = [];
  for (const [name, value] of Object.entries(data)) {
    if (!LOCATOR_NAME.test(name) || typeof value !== 'string') continue;
    if (LOCATOR_PATTERN.test(value)) values[name] = value;
    else problems.push({ field: `data.${name}`, problem: 'must be 1 to 64 letters, digits or hyphens' });
  }
  if (Object.keys(values).length > MOST_LOCATORS) {
    problems.push({ field: 'data', problem: `must not have more than ${MOST_LOCATORS} locators` });
  }
  return problems.length > 0 ? { ok: false, problems } : { ok: true, values };
}

function toFieldProblem(error: ValidationError): FieldProblem {
  return { field: error.property, problem: Object.values(error.constraints ?? {})[0] ?? 'is not valid' };
}

function refused(field: string, problem: string): EnvelopeReading {
  return { ok: false, problems: [{ field, problem }] };
}
