// Charts from a description in the page: <figure class="chart" data-chart='{…}'> (see docs/house.md, Pages).
// Each has a sentence for those who do not see it and a table with the exact numbers behind one button.
import { BarChart, LineChart } from 'echarts/charts';
import { AriaComponent, GridComponent, TooltipComponent } from 'echarts/components';
import * as echarts from 'echarts/core';
import { LabelLayout } from 'echarts/features';
import { SVGRenderer } from 'echarts/renderers';

import { options } from './chart_options.js';
import { rows } from './chart_values.js';
import { word } from './words.js';

echarts.use([BarChart, LineChart, AriaComponent, GridComponent, LabelLayout, TooltipComponent, SVGRenderer]);

const drawn = new Map();

function table(spec) {
  const wrap = document.createElement('div');
  wrap.className = 'table-wrap';
  wrap.hidden = true;
  wrap.tabIndex = 0;
  wrap.setAttribute('role', 'region');
  wrap.setAttribute('aria-label', spec.title ?? spec.sentence);
  const grid = wrap.appendChild(document.createElement('table'));
  grid.className = 'rows keep';
  const [head, ...body] = rows(spec);
  const line = (parent, cells, tag) => {
    const row = parent.appendChild(document.createElement('tr'));
    cells.forEach((text, at) => {
      const cell = row.appendChild(document.createElement(at === 0 ? 'th' : tag));
      cell.textContent = text;
      if (at) cell.className = 'n';
      if (tag === 'th') cell.scope = 'col';
      else if (at === 0) cell.scope = 'row';
    });
  };
  line(grid.createTHead(), head, 'th');
  const filled = grid.createTBody();
  for (const cells of body) line(filled, cells, 'td');
  return wrap;
}

// Lines are named at their ends; stacked and bullet bars need the names beside their colours.
function legend(spec) {
  const list = document.createElement('ul');
  list.className = 'chart-legend';
  const kinds = spec.kind === 'bullet' ? ['s1', 'goal', 'due'] : ['s1', 's2', 's3', 's4'];
  if (!['bullet', 'stacked100'].includes(spec.kind)) list.hidden = true;
  else
    spec.series.forEach((one, at) => {
      const item = list.appendChild(document.createElement('li'));
      item.className = kinds[at] ?? '';
      item.textContent = one.name;
    });
  return list;
}

export function draw(figure) {
  if (drawn.has(figure)) return;
  const spec = JSON.parse(figure.dataset.chart);
  const canvas = document.createElement('div');
  canvas.className = 'canvas';
  canvas.setAttribute('role', 'img');
  canvas.setAttribute('aria-label', spec.sentence ?? spec.title ?? '');
  const numbers = table(spec);
  const foot = document.createElement('div');
  foot.className = 'chart-foot';
  const note = foot.appendChild(document.createElement('span'));
  note.textContent = spec.note ?? '';
  const toggle = foot.appendChild(document.createElement('button'));
  toggle.type = 'button';
  toggle.className = 'btn btn-quiet btn-s';
  toggle.textContent = word('table');
  toggle.setAttribute('aria-pressed', 'false');
  toggle.addEventListener('click', () => {
    numbers.hidden = !numbers.hidden;
    canvas.hidden = !numbers.hidden;
    toggle.setAttribute('aria-pressed', String(canvas.hidden));
    toggle.textContent = word(canvas.hidden ? 'chart' : 'table');
    if (!canvas.hidden) chart.resize();
  });
  figure.replaceChildren(legend(spec), canvas, numbers, foot);
  const tall = ['bar', 'bullet', 'funnel'].includes(spec.kind) || (spec.kind === 'stacked100' && canvas.clientWidth < 500);
  const height = tall ? 44 + spec.labels.length * (spec.kind === 'funnel' ? 44 : 34) : canvas.clientHeight || 280;
  const chart = echarts.init(canvas, null, { renderer: 'svg', height });
  canvas.style.height = `${height}px`;
  figure.style.minHeight = '0';
  const paint = () => chart.setOption(options(spec, canvas.clientWidth), true);
  paint();
  if (spec.links)
    chart.on('click', ({ dataIndex }) => {
      const link = spec.links[dataIndex];
      if (link) location.assign(link);
    });
  new ResizeObserver(() => {
    if (canvas.clientWidth && canvas.clientWidth !== chart.getWidth()) {
      chart.resize({ width: canvas.clientWidth, height });
      paint();
    }
  }).observe(canvas);
  drawn.set(figure, paint);
  figure.dataset.drawn = 'yes';
}

document.addEventListener('pace:theme', () => {
  for (const [figure, paint] of drawn) if (figure.isConnected) paint();
    else drawn.delete(figure);
});
