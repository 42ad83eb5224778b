// Everything a page needs except charts, which charts.js brings only where a chart stands.
import '@tabler/core/dist/css/tabler.min.css';
import './css/tokens.css';
import './css/tabler.css';
import './css/frame.css';
import './css/overlays.css';
import './css/parts.css';
import './css/blocks.css';
import './css/filters.css';
import './css/tables.css';
import './css/forms.css';
import './css/insights.css';
import './css/board.css';
import './css/tv.css';
import './css/why.css';
import './css/people.css';
import './css/imports.css';
import './css/day.css';
import './css/log.css';
import './css/cards.css';
import './css/goals.css';
import './css/goal_forms.css';
import './css/calculator.css';
import './css/print.css';

import htmx from 'htmx.org';

import { startCascade } from './cascade.js';
import { startDrawer } from './drawer.js';
import { startFilesSending } from './files.js';
import { startEffort } from './effort.js';
import { startFilters } from './filters.js';
import { startFinder } from './finder.js';
import { startInstall } from './install.js';
import { startForms } from './forms.js';
import { startKeys } from './keys.js';
import { startLog } from './log.js';
import { startMenus } from './menus.js';
import { startNear } from './near.js';
import { startOutbox } from './outbox.js';
import { startRecording } from './recording.js';
import { startSay } from './say.js';
import { startSheets } from './sheets.js';
import { startSelection } from './selection.js';
import { startSwipe } from './swipe.js';
import { startTheme } from './theme.js';
import { startToasts } from './toasts.js';
import { startTv } from './tv.js';

window.htmx = htmx;
Object.assign(htmx.config, {
  allowEval: false,
  includeIndicatorStyles: false,
  selfRequestsOnly: true,
  historyCacheSize: 0,
  defaultSwapStyle: 'innerHTML',
  // A bad form is answered with 422 and the form; a fault of ours must not replace what somebody typed.
  responseHandling: [
    { code: '204', swap: false },
    { code: '[23]..', swap: true },
    { code: '422', swap: true },
    { code: '[45]..', swap: false, error: true },
  ],
});

startTheme();
startMenus();
startToasts();
startDrawer(htmx);
startCascade(htmx);
startFinder();
startFilters();
startKeys();
startForms(htmx);
startEffort();
startOutbox();
startFilesSending();
startSay();
startLog();
startNear();
startSheets();
startInstall();
startSwipe();
startRecording();
startSelection();
startTv();

async function charts(root) {
  const found = root.querySelectorAll?.('[data-chart]');
  if (!found?.length) return;
  const { draw } = await import('./charts.js');
  found.forEach(draw);
}
charts(document);
htmx.onLoad((element) => charts(element));

const busy = document.querySelector('.busy');
document.body.addEventListener('htmx:beforeRequest', () => busy?.classList.add('on'));
document.body.addEventListener('htmx:afterRequest', () => busy?.classList.remove('on'));
