// How numbers, money and days read in both languages: the twin of pacesetter/web/show.py.
// Both are held to tests/web/show_vectors.json. Numbers are decimal strings or safe integers, never binary fractions:
// the arithmetic below runs on BigInt, so that half-up means half-up.

export const MISSING = '—';
const MINUS = '\u2212';
const SIGNS = { CNY: '¥', USD: '$', EUR: '€', GBP: '£', HKD: 'HK$', JPY: '¥', SGD: 'S$' };
// ISO 4217: how many decimals, where it is not two. The twin of pacesetter/lib/money.py.
const DECIMALS = Object.fromEntries(
  [
    [0, 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF'],
    [3, 'BHD IQD JOD KWD LYD OMR TND'],
    [4, 'CLF UYW'],
  ].flatMap(([places, codes]) => codes.split(' ').map((code) => [code, places])),
);
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const SMALL = 10;

export const chinese = (language) => (language ?? document.documentElement.lang ?? 'zh').startsWith('zh');

// A fraction {top, bottom} with top ≥ 0 apart from its sign.
function fraction(value) {
  const [, sign, whole, decimals = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(String(value));
  return { negative: sign === '-', top: BigInt(whole + decimals), bottom: 10n ** BigInt(decimals.length) };
}

// top ÷ bottom rounded half-up to `places`, as an integer count of the last place.
function rounded(top, bottom, places) {
  const scaled = top * 10n ** BigInt(places) * 2n;
  return (scaled + bottom) / (bottom * 2n);
}

function written(units, places) {
  const digits = units.toString().padStart(places + 1, '0');
  const whole = digits.slice(0, digits.length - places).replace(/\B(?=(\d{3})+$)/g, ',');
  return places ? `${whole}.${digits.slice(-places)}` : whole;
}

const trimmed = (body) => (body.includes('.') ? body.replace(/0+$/, '').replace(/\.$/, '') : body);
const signed = (body, negative, plus = false) => (negative ? MINUS : plus ? '+' : '') + body;

function short(top, bottom, language, trim = false) {
  const whole = rounded(top, bottom, 0);
  if (whole < 10_000n) return written(whole, 0);
  let body = '';
  let unit = '';
  if (chinese(language)) {
    let units = rounded(top, bottom * 10_000n, 2);
    unit = '万';
    if (units >= 1_000_000n) {
      units = rounded(top, bottom * 100_000_000n, 2);
      unit = '亿';
    }
    body = written(units, 2);
  } else {
    let size = 1n;
    for (unit of ['K', 'M', 'B']) {
      size *= 1_000n;
      const base = bottom * size;
      const places = rounded(top, base, 2) < 1_000n ? 2 : rounded(top, base, 1) < 1_000n ? 1 : 0;
      const units = rounded(top, base, places);
      body = written(units, places);
      if (units < 1_000n * 10n ** BigInt(places)) break;
    }
  }
  return (trim ? trimmed(body) : body) + unit;
}

const signOf = (currency) => SIGNS[currency] ?? `${currency}\u00a0`;

// The company's, as the page says it; an amount of another currency names its own.
const currencyNow = () => globalThis.document?.documentElement.dataset.currency ?? 'CNY';
export const decimalsOf = (currency) => DECIMALS[currency] ?? 2;

export function money(minor, language, { currency = currencyNow() } = {}) {
  if (minor == null) return MISSING;
  const { negative, top } = fraction(minor);
  return signed(signOf(currency) + written(top, decimalsOf(currency)), negative);
}

export function money_short(minor, language, { currency = currencyNow(), trim = false } = {}) {
  if (minor == null) return MISSING;
  const { negative, top } = fraction(minor);
  const body = short(top, 10n ** BigInt(decimalsOf(currency)), language, trim);
  return signed(signOf(currency) + body, negative && body !== '0');
}

export function count(number) {
  if (number == null) return MISSING;
  const { negative, top, bottom } = fraction(number);
  return signed(trimmed(written(rounded(top, bottom, 2), 2)), negative);
}

export function count_short(number, language) {
  if (number == null) return MISSING;
  const { negative, top, bottom } = fraction(number);
  const body = short(top, bottom, language);
  return signed(body, negative && body !== '0');
}

const magnitude = (value) => (value < 0n ? -value : value);

function share(top, bottom, unit, plus) {
  const body = written(rounded(magnitude(top) * 100n, magnitude(bottom), 1), 1);
  return signed(body + unit, top < 0n !== bottom < 0n && body !== '0.0', plus && body !== '0.0');
}

// top ÷ bottom as 23.7%, whatever the sample; `bottom` is not 0.
export const percent = (top, bottom) => share(BigInt(top), BigInt(bottom), '%', false);

export function rate(top, bottom, n) {
  if (top == null || !bottom) return MISSING;
  if ((n ?? bottom) < SMALL) return `${top}/${bottom}`;
  return percent(top, bottom);
}

export function rate_difference(now, before, language) {
  if (!now[1] || !before[1]) return MISSING;
  const [a, b, c, d] = [...now, ...before].map(BigInt);
  return share(a * d - c * b, b * d, chinese(language) ? ' 个百分点' : ' pts', true);
}

export function change(now, before) {
  if (now == null || !before) return MISSING;
  return share(BigInt(now) - BigInt(before), magnitude(BigInt(before)), '%', true);
}

export function gap(actual, target, language, { currency = currencyNow() } = {}) {
  if (actual == null || target == null) return MISSING;
  const distance = BigInt(actual) - BigInt(target);
  const amount = money_short(magnitude(distance), language, { currency, trim: true });
  const words = chinese(language) ? ['持平', `差 ${amount}`, `超 ${amount}`] : ['on target', `${amount} short`, `${amount} over`];
  return words[distance === 0n ? 0 : distance < 0n ? 1 : 2];
}

const two = (number) => String(number).padStart(2, '0');
const atNoon = (text) => new Date(`${text.slice(0, 10)}T12:00:00Z`);
const shifted = (on, days) => new Date(on.getTime() + days * 86_400_000);

export function day(text, language) {
  if (text == null) return MISSING;
  const [year, month, date] = text.slice(0, 10).split('-').map(Number);
  return chinese(language) ? `${year}-${two(month)}-${two(date)}` : `${MONTHS[month - 1]} ${date}, ${year}`;
}

export function near(text, now, language) {
  if (text == null) return MISSING;
  const zh = chinese(language);
  const days = (atNoon(text) - atNoon(now)) / 86_400_000;
  if (days === 0) return (zh ? '今天' : 'today') + (text.length > 10 ? ` ${text.slice(11, 16)}` : '');
  if (days === -1) return zh ? '昨天' : 'yesterday';
  if (days === 1) return zh ? '明天' : 'tomorrow';
  return day(text, language);
}

export function week(text, language) {
  const on = atNoon(text);
  const first = shifted(on, -((on.getUTCDay() + 6) % 7));
  const last = shifted(first, 6);
  const thursday = shifted(first, 3);
  const number = 1 + Math.floor((thursday - Date.UTC(thursday.getUTCFullYear(), 0, 1)) / 604_800_000);
  const [m1, d1, m2, d2] = [first.getUTCMonth(), first.getUTCDate(), last.getUTCMonth(), last.getUTCDate()];
  if (chinese(language)) return `第${number}周 ${m1 + 1}/${d1}–${m2 + 1}/${d2}`;
  return `Week ${number} (${MONTHS[m1]} ${d1}–${m1 === m2 ? '' : `${MONTHS[m2]} `}${d2})`;
}

export function duration(minutes, language) {
  if (minutes == null) return MISSING;
  const all = Math.abs(minutes);
  const parts = [Math.floor(all / 1440), Math.floor((all % 1440) / 60), all % 60];
  const units = chinese(language) ? [' 天', ' 小时', ' 分钟'] : ['d', 'h', 'm'];
  const shown = parts.map((value, at) => (value ? value + units[at] : '')).filter(Boolean).slice(0, 2);
  return signed(shown.join(' ') || `0${units[2]}`, minutes < 0);
}
