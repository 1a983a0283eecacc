const [WIDTH, HEIGHT, LEFT, TOP, RIGHT, BOTTOM] = [880, 400, 56, 48, 280, 56];
/** Colors with enough contrast on white and on black. */
const COLORS = ['#d1495b', '#e08e1b', '#2a9d8f', '#3d7dd8', '#8e6bc9', '#7a8793'];

/** A line chart of percentages as SVG. Text and axes follow the reader's color scheme, so that one file serves light and dark pages. */
export function chart({ title, x, labels, lines }) {
  const [right, bottom] = [WIDTH - RIGHT, HEIGHT - BOTTOM];
  const at = index => LEFT + index * (right - LEFT) / (labels.length - 1);
  const height = value => bottom - value * (bottom - TOP) / 100;
  const axis = [0, 25, 50, 75, 100].map(value => `<line class="grid" x1="${LEFT}" x2="${right}" y1="${height(value)}" y2="${height(value)}"/>`
    + `<text x="${LEFT - 8}" y="${height(value) + 4}" text-anchor="end">${value} %</text>`);
  const ticks = labels.map((label, index) => `<text x="${round(at(index))}" y="${bottom + 20}" text-anchor="middle">${label}</text>`);
  const drawn = lines.map(({ name, values }, index) => {
    const color = COLORS[index % COLORS.length];
    const points = values.map((value, place) => `${round(at(place))},${round(height(value))}`).join(' ');
    const y = TOP + 14 + index * 24;
    return `<polyline fill="none" stroke="${color}" stroke-width="2.5" points="${points}"/>`
      + `<line x1="${right + 20}" x2="${right + 44}" y1="${y - 4}" y2="${y - 4}" stroke="${color}" stroke-width="2.5"/><text x="${right + 52}" y="${y}">${name}</text>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" role="img" aria-labelledby="title">
  <title id="title">${title}</title>
  <style>
    text { font: 12px -apple-system, "Segoe UI", "Noto Sans", Helvetica, Arial, sans-serif; fill: #57606a; }
    .title { font-size: 15px; font-weight: 600; }
    .grid { stroke: #8c959f; stroke-opacity: 0.35; }
    @media (prefers-color-scheme: dark) { text { fill: #9ea7b3; } }
  </style>
  <text class="title" x="${LEFT}" y="24">${title}</text>
  ${[...axis, ...ticks, ...drawn].join('\n  ')}
  <text x="${(LEFT + right) / 2}" y="${HEIGHT - 10}" text-anchor="middle">${x}</text>
</svg>
`;
}

function round(value) {
  return Math.round(value * 10) / 10;
}
