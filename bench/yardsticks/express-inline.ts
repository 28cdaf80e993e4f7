import express from 'express';
import { Agent, request as call } from 'undici';

/**
 * What the platform's samples do: read the tenant's state, post to the target, then answer the webhook. With undici's
 * pool, which is the cheapest client there is, and a target that answers at once: more favourable than life.
 */
const { PORT, STATE_API = '', TARGET = '' } = process.env;
const dispatcher = new Agent({ connections: 64 });

const app = express();
app.use(express.json());
app.post('/webhook-notify', async (request, response) => {
  const { id, type } = request.body as { id: string; type: string };
  const key = encodeURIComponent(request.get('x-smp-key') ?? '');
  const state = await call(`${STATE_API}/state/${key}`, { dispatcher });
  const { tenantHostName } = (await state.body.json()) as { tenantHostName: string };
  const sent = await call(TARGET, {
    dispatcher,
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ tenant: tenantHostName, id, type, data: request.body.data }),
  });
  await sent.body.dump();
  response.json({ status: 'accepted', id });
});

app.listen(Number(PORT), '127.0.0.1', () => process.send?.('listening'));
process.on('disconnect', () => process.exit());
