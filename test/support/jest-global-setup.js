/** Every test runs in UTC, whatever the machine's own zone is. */
export default function globalSetup() {
  process.env.TZ = 'UTC';
}
