// What a chart's numbers read like. Values: minor units, counts, days, or [top, bottom] for a ratio; null is unknown.
import { chinese, count, count_short, MISSING, money, money_short, percent } from './show.js';
import { language, word } from './words.js';

export const known = (value) => value != null && (!Array.isArray(value) || Boolean(value[1]));

// The height of a mark; only its drawing is a fraction, never a figure that is read.
export function height(value) {
  if (!known(value)) return null;
  return Array.isArray(value) ? value[0] / value[1] : value;
}

export function exact(spec, value) {
  if (!known(value)) return MISSING;
  if (Array.isArray(value)) return `${percent(...value)} (${value[0]}/${value[1]})`;
  if (spec.unit === 'minor') return money(value, language(), { currency: spec.currency });
  return count(value);
}

export function brief(spec, value) {
  if (!known(value)) return MISSING;
  if (Array.isArray(value)) return percent(...value);
  if (spec.unit === 'minor') return money_short(value, language(), { currency: spec.currency, trim: true });
  return count_short(value, language());
}

// Axis marks are round numbers that ECharts chose; only they may be fractions.
export function mark(spec, value) {
  if (spec.unit === 'ratio') return `${Math.round(value * 100)}%`;
  if (spec.unit === 'minor') {
    return money_short(Math.round(value), language(), { currency: spec.currency, trim: true });
  }
  return chinese(language()) && value < 10_000 ? count(Math.round(value * 100) / 100) : count_short(Math.round(value), language());
}

// Header and rows of the table behind a chart; a funnel also gets both of its rates.
export function rows(spec) {
  if (spec.kind === 'funnel') {
    const values = spec.series[0].values;
    const share = (value, base) => (base ? percent(value, base) : MISSING);
    return [
      [spec.axis ?? '', spec.series[0].name, word('of_previous'), word('of_first')],
      ...spec.labels.map((label, at) => [
        label,
        exact(spec, values[at]),
        at ? share(values[at], values[at - 1]) : MISSING,
        share(values[at], values[0]),
      ]),
    ];
  }
  return [
    [spec.axis ?? '', ...spec.series.map((one) => one.name)],
    ...spec.labels.map((label, at) => [label, ...spec.series.map((one) => exact(spec, one.values[at]))]),
  ];
}
