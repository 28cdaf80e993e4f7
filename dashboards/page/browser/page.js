/* Draws the charts of the page; runs in the reader's browser, where `uPlot` was loaded before. All words are in the page already. */
const { times, charts } = JSON.parse(document.getElementById('data').textContent);
const HEIGHT = 170;
const SECONDS = { ms: 1e-3, s: 1, min: 60, h: 3_600, d: 86_400 };

/** `light-dark()` is resolved where a colour is used, not where it is named. */
const resolved = (name) => {
  const probe = document.createElement('i');
  probe.style.color = `var(${name})`;
  document.body.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
};

function short(value) {
  if (value >= 1e6) return `${Number((value / 1e6).toPrecision(3))} M`;
  if (value >= 1e3) return `${Number((value / 1e3).toPrecision(3))} k`;
  return String(Number(value.toPrecision(3)));
}

function duration(ms) {
  const seconds = ms / 1_000;
  const [unit] = Object.entries(SECONDS).findLast(([, size]) => seconds >= size) ?? ['ms'];
  return `${Number((seconds / SECONDS[unit]).toPrecision(3))} ${unit}`;
}

/** Steps at which a duration is easily read, in milliseconds. */
const ROUND_DURATIONS = [
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500],
  ...[1, 2, 5, 10, 15, 30].map((seconds) => seconds * 1e3),
  ...[1, 2, 5, 10, 15, 30].map((minutes) => minutes * 6e4),
  ...[1, 2, 4, 8, 12].map((hours) => hours * 3.6e6),
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500].map((days) => days * 8.64e7),
];

/** The times below a chart, in UTC as the log has them: the day where it is another one. */
function moments(_plot, seconds, _axis, _space, step) {
  let dayBefore = '';
  return seconds.map((second) => {
    const [day, time] = new Date(second * 1_000).toISOString().split('T');
    const isSame = day === dayBefore;
    dayBefore = day;
    if (step >= SECONDS.d) return day;
    const clock = time.slice(0, step < SECONDS.min ? 8 : 5);
    return isSame ? clock : `${clock}\n${day}`;
  });
}

/** How the values of each unit stand at the axis. */
const AXIS = {
  'per second': (value) => `${short(value)}/s`,
  count: short,
  milliseconds: (value) => (value === 0 ? '0' : duration(value)),
  bytes: (value) => `${short(value / 1e6)} MB`,
};

function draw({ id, unit, series }) {
  const place = document.getElementById(id);
  place.replaceChildren();
  const [quiet, edge] = [resolved('--quiet'), resolved('--edge')];
  const axis = {
    stroke: quiet,
    grid: { stroke: edge, width: 1 },
    ticks: { stroke: edge, width: 1 },
    font: '11px system-ui',
  };
  const options = {
    width: place.clientWidth,
    height: HEIGHT,
    tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1_000), 'Etc/UTC'),
    legend: { show: false },
    cursor: { y: false, points: { size: 6 } },
    scales: { y: { range: (_plot, _low, high) => [0, high > 0 ? high * 1.1 : 1] } },
    axes: [
      { ...axis, space: 70, values: moments },
      {
        ...axis,
        size: 62,
        ...(unit === 'milliseconds' && { incrs: ROUND_DURATIONS }),
        values: (_plot, values) => values.map(AXIS[unit]),
      },
    ],
    series: [
      {},
      ...series.map(({ name }, index) => ({
        label: name,
        stroke: resolved(`--line-${index}`),
        width: 1.5,
        // A step without a line before and after it would be no line at all.
        points: { size: 5, filter: (plot, seriesIndex) => lonely(plot.data[seriesIndex]) },
      })),
    ],
    hooks: { setCursor: [(plot) => tell(place, plot, unit)] },
  };
  new uPlot(options, [times, ...series.map(({ values }) => values)], place);
}

function lonely(values) {
  const isKnown = (value) => value !== null && value !== undefined;
  return values.flatMap((value, index) =>
    isKnown(value) && !isKnown(values[index - 1]) && !isKnown(values[index + 1]) ? [index] : [],
  );
}

/** The values under the finger or the mouse, in the list below the chart. */
function tell(place, plot, unit) {
  const { idx } = plot.cursor;
  for (const [index, item] of place.parentElement.querySelectorAll('.keys li').entries()) {
    const value = idx === null || idx === undefined ? undefined : plot.data[index + 1]?.[idx];
    const shown = item.querySelector('b');
    if (shown === null) continue;
    shown.dataset.newest ??= shown.textContent;
    shown.textContent = typeof value === 'number' ? AXIS[unit](value) : shown.dataset.newest;
  }
}

function drawAll() {
  for (const chart of charts) draw(chart);
}

drawAll();
let waiting;
addEventListener('resize', () => {
  clearTimeout(waiting);
  waiting = setTimeout(drawAll, 100);
});
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', drawAll);
