// The effective-visit rule as the server judges it (activity/rules/visit.py), for the live line of the log sheet.
// What only the server can know (duplicates, the entry window) is left to it.
export function verdict(rule, visit) {
  const failed = [];
  const unknown = [];
  const asks = (name) => rule.asks.includes(name);
  if (asks('contact') && (!visit.contact || rule.notMet.includes(visit.result))) failed.push('contact');
  if (asks('result') && !visit.result) failed.push('result');
  if (asks('next_step') && !(visit.nextStep && visit.nextOn && visit.nextOn >= visit.on)) failed.push('next_step');
  if (asks('minutes')) {
    if (visit.minutes === null) unknown.push('minutes');
    else if (visit.minutes < rule.minutes) failed.push('minutes');
  }
  if (asks('place') && !visit.placed) unknown.push('place');
  if (asks('backdated') && visit.daysBack > rule.backDays) unknown.push('backdated');
  if (failed.length) return { state: 'not_effective', failed: [...failed, ...unknown] };
  return unknown.length ? { state: 'unverified', failed: unknown } : { state: 'valid', failed: [] };
}
