// The rules of indicators/rules/validation.py in the browser: the same data, the same answers.
// Whole numbers are BigInt and decimals are scaled to whole ones, so that every comparison is
// exact; tests/indicators/test_rules_in_browser.py holds both against each other.

/** The number in a cell of a document as {n, places}, or null where there is none. */
function numberOf(cell) {
  if (typeof cell === 'number') return { n: BigInt(cell), places: 0 };
  if (typeof cell !== 'string' || !/^\d+(\.\d+)?$/.test(cell)) return null;
  const [whole, rest = ''] = cell.split('.');
  return { n: BigInt(whole + rest), places: rest.length };
}

const scaled = (value, places) => value.n * 10n ** BigInt(places - value.places);

function add(one, other, sign) {
  const places = Math.max(one.places, other.places);
  return { n: scaled(one, places) + BigInt(sign) * scaled(other, places), places };
}

/** Below, equal, above: -1, 0, 1. */
function order(one, other) {
  const places = Math.max(one.places, other.places);
  const [a, b] = [scaled(one, places), scaled(other, places)];
  return a < b ? -1 : Number(a > b);
}

/** `1.234,5`: points between thousands, a comma before the fraction, no zeros at its end. */
function written(value) {
  const sign = value.n < 0n ? '-' : '';
  const digits = (value.n < 0n ? -value.n : value.n).toString().padStart(value.places + 1, '0');
  const at = digits.length - value.places;
  const rest = digits.slice(at).replace(/0+$/, '');
  return sign + digits.slice(0, at).replace(/\B(?=(\d{3})+$)/g, '.') + (rest && `,${rest}`);
}

function reader(returns) {
  const documents = { '': returns.now, before: returns.before, ...returns.forms };
  const sums = new Map();
  const sumOf = (code) => {
    if (!sums.has(code)) {
      const values = Object.values(returns.now.hamlets).map((cells) => numberOf(cells[code]));
      const complete = values.length && values.every((value) => value !== null);
      sums.set(code, complete ? values.reduce((sum, value) => add(sum, value, 1), { n: 0n, places: 0 }) : null);
    }
    return sums.get(code);
  };
  const one = ([, source, code], row) => {
    if (source === 'hamlets') return sumOf(code);
    if (source === 'count') return { n: BigInt(Object.keys(returns.now.hamlets).length), places: 0 };
    const cells = row ? documents[source]?.hamlets[row] : documents[source]?.values;
    return numberOf(cells?.[code]);
  };
  const total = (terms, row) => {
    let sum = { n: 0n, places: 0 };
    for (const term of terms) {
      const value = one(term, row);
      if (value === null) return null;
      sum = add(sum, value, term[0]);
    }
    return sum;
  };
  return { one, total };
}

function compare(rule, row, read) {
  const left = read.total(rule.left, row);
  const right = typeof rule.right === 'number' ? { n: BigInt(rule.right), places: 0 } : read.total(rule.right, row);
  if (left === null || right === null) return null;
  const found = order(left, right);
  if (rule.op === '<=' ? found <= 0 : rule.op === '>=' ? found >= 0 : found === 0) return null;
  return { left: written(left), right: written(right) };
}

function change(rule, row, read) {
  const now = read.one([1, '', rule.at], row);
  const before = read.one([1, 'before', rule.at], row);
  if (now === null || before === null) return null;
  const places = Math.max(now.places, before.places);
  const [a, b] = [scaled(now, places), scaled(before, places)];
  const moved = a > b ? a - b : b - a;
  if (moved < BigInt(rule.least) * 10n ** BigInt(places) || moved * 100n <= BigInt(rule.percent) * b) return null;
  const word = rule.swing[a > b ? 0 : 1];
  const tenths = b === 0n ? 0n : (moved * 1000n) / b;
  const swing = b === 0n
    ? `${word} ${written({ n: moved, places })}`
    : `${word} ${written({ n: tenths / 10n, places: 0 })},${tenths % 10n}%`;
  return { now: written(now), before: written(before), change: swing };
}

/** What the rules say of {now, before, forms}: hamlet by hamlet, then the commune. */
export function evaluate(rules, returns) {
  const read = reader(returns);
  const found = [];
  const ask = (rule, row) => {
    const told = rule.percent === null ? compare(rule, row, read) : change(rule, row, read);
    if (told === null) return;
    const sentence = Object.entries(told).reduce((text, [word, value]) => text.replaceAll(`{${word}}`, value), rule.text);
    found.push({ rule: rule.id, row, code: rule.at, level: rule.level, sentence, explain: rule.explain });
  };
  const ofHamlets = rules.filter((rule) => rule.row === 'hamlet');
  for (const hamlet of Object.keys(returns.now.hamlets)) ofHamlets.forEach((rule) => ask(rule, hamlet));
  rules.filter((rule) => rule.row === 'commune').forEach((rule) => ask(rule, ''));
  return found;
}
