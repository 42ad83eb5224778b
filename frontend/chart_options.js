// From our description of a chart to ECharts' own. Colours come from the tokens, so both themes and print follow.
import { brief, exact, height, mark } from './chart_values.js';
import { percent } from './show.js';
import { isDark } from './theme.js';
import { word } from './words.js';

const css = (name) => {
  // light-dark() reaches scripts unresolved; a probe element gives the colour itself.
  const probe = document.createElement('i');
  probe.style.color = `var(--${name})`;
  document.body.append(probe);
  const colour = getComputedStyle(probe).color;
  probe.remove();
  return colour;
};

const still = matchMedia('(prefers-reduced-motion: reduce)').matches;

function look() {
  const names = ['ink', 'ink-soft', 'ink-faint', 'line', 'surface', 'surface-3', 'good', 'watch', 'bad', 'neutral'];
  const colours = Object.fromEntries(names.map((name) => [name, css(name)]));
  colours.series = [1, 2, 3, 4, 5, 6].map((at) => css(`series-${at}`));
  colours.onSeries = isDark() ? ['#0d1a28', '#0d1a28', '#0d1a28', '#fff'] : ['#fff', '#1b1204', '#06231b', '#fff'];
  colours.font = getComputedStyle(document.body).fontFamily;
  return colours;
}

function base(spec, c) {
  return {
    animation: !still,
    animationDuration: 300,
    color: c.series,
    textStyle: { fontFamily: c.font, color: c.ink, fontSize: 12 },
    aria: { enabled: false, decal: { show: matchMedia('print').matches } },
    tooltip: {
      trigger: 'axis',
      // Rich text is drawn; HTML would need inline styles, which the content policy refuses.
      renderMode: 'richText',
      backgroundColor: c.surface,
      borderColor: c.line,
      textStyle: { color: c.ink, fontFamily: c.font, fontSize: 13 },
      axisPointer: { type: 'line', lineStyle: { color: c['ink-faint'], type: 'dotted' }, shadowStyle: { opacity: 0.06 } },
      formatter: (points) => {
        const all = Array.isArray(points) ? points : [points];
        const at = all[0].dataIndex;
        return [spec.labels[at], ...spec.series.map((one) => `${one.name}  ${exact(spec, one.values[at])}`)].join('\n');
      },
    },
  };
}

const axisText = (c) => ({ color: c['ink-faint'], fontSize: 12 });

function line(spec, width, c) {
  const narrow = width < 500;
  const named = spec.series.length > 1;
  const rows = spec.series.map((one) => one.values.map(height));
  // the second name of lines that end on the axis stands below it: its labels make room
  const crowded = named && rows.filter((row) => row.at(-1) === 0).length > 1;
  return {
    ...base(spec, c),
    grid: { left: 4, right: named ? (narrow ? 64 : 96) : 16, top: 16, bottom: 4, containLabel: true },
    xAxis: {
      type: 'category', data: spec.labels, boundaryGap: false, axisTick: { show: false },
      axisLine: { lineStyle: { color: c.line } }, axisLabel: { ...axisText(c), hideOverlap: true, margin: crowded ? 22 : 8 },
    },
    yAxis: {
      type: 'value', min: 0, splitNumber: 4, splitLine: { lineStyle: { color: c.line } },
      axisLabel: { ...axisText(c), formatter: (value) => mark(spec, value) },
    },
    series: spec.series.map((one, at) => {
      const guide = one.role === 'target' || one.role === 'pace';
      const colour = guide ? c.ink : one.role === 'rest' ? c['ink-faint'] : c.series[at % 6];
      return {
        type: 'line', name: one.name, data: rows[at], connectNulls: false, symbol: 'circle',
        // the name of a line that begins later would be drawn at no height while the line grows
        animation: (rows[at][0] ?? null) !== null,
        symbolSize: guide ? 0 : 6, showSymbol: !guide && spec.labels.length <= 31,
        lineStyle: { width: guide ? 1.5 : 2.5, color: colour, type: { target: 'dashed', pace: 'dotted' }[one.role] ?? 'solid' },
        itemStyle: { color: colour },
        endLabel: { show: named, formatter: one.name, color: c.ink, fontSize: 12, lineHeight: 17, distance: 6, width: narrow ? 56 : 88, overflow: 'truncate' },
        labelLayout: { moveOverlap: 'shiftY' },
      };
    }),
  };
}

function sideways(spec, width, c, series, extra = {}) {
  const room = Math.min(160, Math.max(64, width * 0.28));
  return {
    ...base(spec, c),
    grid: { left: 4, right: extra.right ?? 76, top: 8, bottom: 8, containLabel: true },
    xAxis: { type: 'value', min: 0, show: false, ...extra.x },
    yAxis: {
      type: 'category', data: spec.labels, inverse: true, axisTick: { show: false }, axisLine: { show: false },
      axisLabel: { color: c.ink, fontSize: 13, width: room, overflow: 'truncate' },
    },
    series,
  };
}

function bar(spec, width, c) {
  const one = spec.series[0];
  return sideways(spec, width, c, [
    {
      type: 'bar', name: one.name, barMaxWidth: 16, data: one.values.map(height),
      itemStyle: { color: c.series[0], borderRadius: [0, 3, 3, 0] },
      label: { show: true, position: 'right', color: c.ink, fontSize: 12, formatter: ({ dataIndex }) => brief(spec, one.values[dataIndex]) },
    },
  ]);
}

// series: actual, target and, if known, what was due to date; `tones` says per row good, watch, bad or neutral.
function bullet(spec, width, c) {
  const [actual, target, due] = spec.series;
  // The figure stands behind the longer of the two bars, where no tick crosses it.
  const label = (longer) => ({
    show: true, position: 'right', distance: 8, color: c.ink, fontSize: 12,
    formatter: ({ dataIndex: at }) => {
      const over = height(actual.values[at]) >= height(target.values[at]);
      return over === longer ? brief(spec, actual.values[at]) : '';
    },
  });
  return sideways(spec, width, c, [
    {
      type: 'bar', name: target.name, barWidth: 16, barGap: '-100%', z: 1, data: target.values.map(height),
      itemStyle: { color: c['surface-3'], borderRadius: 3 }, label: label(false),
    },
    {
      type: 'bar', name: actual.name, barWidth: 8, barGap: '-75%', z: 2,
      data: actual.values.map((value, at) => ({ value: height(value), itemStyle: { color: c[spec.tones?.[at] ?? 'good'], borderRadius: [0, 2, 2, 0] } })),
      label: label(true),
    },
    ...(due
      ? [{ type: 'line', name: due.name, z: 3, data: due.values.map(height), symbol: 'rect', symbolSize: [2, 20], lineStyle: { opacity: 0 }, itemStyle: { color: c.ink } }]
      : []),
  ]);
}

function funnel(spec, width, c) {
  const values = spec.series[0].values;
  const share = (value, whole) => (whole ? percent(value, whole) : '—');
  const label = ({ dataIndex: at }) => {
    const first = `{b|${exact(spec, values[at])}}`;
    if (!at) return first;
    const previous = `${word('of_previous')} ${share(values[at], values[at - 1])}`;
    const whole = `${word('of_first')} ${share(values[at], values[0])}`;
    return width < 500 ? `${first} {s|${share(values[at], values[at - 1])} · ${share(values[at], values[0])}}` : `${first}  {s|${previous}  ·  ${whole}}`;
  };
  return sideways(spec, width, c, [
    {
      type: 'bar', name: spec.series[0].name, barWidth: 26, data: values.map(height),
      itemStyle: { color: c.series[0], borderRadius: [0, 4, 4, 0] },
      label: {
        show: true, position: 'right', distance: 8, formatter: label,
        rich: { b: { color: c.ink, fontSize: 13, fontWeight: 600 }, s: { color: c['ink-soft'], fontSize: 12 } },
      },
    },
  ], { right: width < 500 ? 130 : 250 });
}

function stacked(spec, width, c) {
  const totals = spec.labels.map((_, at) => spec.series.reduce((sum, one) => sum + (one.values[at] ?? 0), 0));
  const series = spec.series.slice(0, 4).map((one, n) => ({
    type: 'bar', name: one.name, stack: 'whole', barMaxWidth: 64, barCategoryGap: '22%',
    data: one.values.map((value, at) => (totals[at] ? (value ?? 0) / totals[at] : 0)),
    itemStyle: { color: c.series[n], borderColor: c.surface, borderWidth: 1 },
    label: {
      show: width >= 500 && width / spec.labels.length > 60, color: c.onSeries[n], fontSize: 12,
      formatter: ({ dataIndex: at, value }) => (value > 0.08 ? percent(one.values[at], totals[at]) : ''),
    },
  }));
  if (width < 500) return sideways(spec, width, c, series, { x: { max: 1 }, right: 8 });
  return {
    ...base(spec, c),
    grid: { left: 4, right: 8, top: 12, bottom: 4, containLabel: true },
    xAxis: { type: 'category', data: spec.labels, axisTick: { show: false }, axisLine: { lineStyle: { color: c.line } }, axisLabel: axisText(c) },
    yAxis: { type: 'value', max: 1, interval: 0.25, splitLine: { lineStyle: { color: c.line } }, axisLabel: { ...axisText(c), formatter: (value) => `${Math.round(value * 100)}%` } },
    series,
  };
}

const KINDS = { line, bar, bullet, funnel, stacked100: stacked };

export function options(spec, width) {
  return (KINDS[spec.kind] ?? line)(spec, width, look());
}
