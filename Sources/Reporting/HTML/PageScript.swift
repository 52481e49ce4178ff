/// Draws the charts from the figures in the page. Without it, and without the library, the tables stand alone.
enum PageScript {
    static let text = #"""
        (function () {
        'use strict';
        var figures = JSON.parse(document.getElementById('figures').textContent);
        var root = document.documentElement;
        var charts = {};
        var view = {span: 0, from: 0};
        var compact = new Intl.NumberFormat('en', {notation: 'compact', maximumSignificantDigits: 3});
        var full = new Intl.NumberFormat('en', {maximumFractionDigits: 2});
        var months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
        function color(name) { return getComputedStyle(root).getPropertyValue('--' + name).trim(); }
        function cut(text) { var all = Array.from(text); return all.length > 40 ? all.slice(0, 39).join('') + '…' : text; }
        function sign(text) { return text.replace('-', '−'); }
        function short(value) { return sign(compact.format(value)); }
        function money(value) { return sign(full.format(value)) + ' ' + figures.currency; }
        // '2026-07' as 'Jul 26'.
        function month(text) { return months[Number(text.slice(5, 7)) - 1] + ' ' + text.slice(2, 4); }
        // Few words below a bar stand on lines of their own where there is little room.
        function lines(text) { return root.clientWidth < 640 ? cut(text).split(' ') : cut(text); }
        function day(hour) { return new Date(hour * 3600000).toISOString().slice(0, 10); }
        function place(id) { return document.getElementById(id + '-canvas'); }

        Chart.defaults.animation = false;
        Chart.defaults.responsive = true;
        Chart.defaults.maintainAspectRatio = false;
        Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
        Chart.defaults.font.size = 13;

        function draw(id, config) {
          var canvas = place(id);
          if (!canvas) return;
          if (charts[id]) charts[id].destroy();
          charts[id] = new Chart(canvas, config);
        }
        function axis(extra) {
          return Object.assign({grid: {color: color('line')}, ticks: {color: color('soft')}, border: {color: color('line')}}, extra || {});
        }
        function amounts(extra) {
          var result = axis(extra);
          result.beginAtZero = true;
          result.ticks = Object.assign({}, result.ticks, {maxTicksLimit: 6, callback: function (value) { return short(value); }});
          result.title = {display: true, text: (extra && extra.unit) || figures.currency, color: color('soft')};
          return result;
        }
        function plain(every) { return axis({grid: {display: false}, ticks: {color: color('soft'), maxRotation: 0, autoSkip: !every, autoSkipPadding: 12}}); }
        function options(x, y, legend, label) {
          return {
            interaction: {mode: 'index', intersect: false},
            layout: {padding: {top: 20, right: 10}},
            scales: {x: x, y: y},
            plugins: {
              legend: {display: legend, position: 'bottom', align: 'start', labels: {color: color('text'), boxWidth: 12, boxHeight: 9, usePointStyle: true, padding: 14}},
              tooltip: {callbacks: {label: label || function (item) { return item.dataset.label + ': ' + money(item.parsed.y); }}}
            }
          };
        }
        // Writes each bar's amount above it.
        var labels = {id: 'labels', afterDatasetsDraw: function (chart) {
          var texts = chart.config.options.texts;
          if (!texts) return;
          var context = chart.ctx;
          context.save();
          context.fillStyle = color('text');
          context.font = '600 13px ' + Chart.defaults.font.family;
          context.textAlign = 'center';
          var bars = chart.getDatasetMeta(0).data, levels = chart.config.options.levels;
          bars.forEach(function (bar, index) {
            var below = bar.y > bar.base + 0.5;
            context.fillText(texts[index], bar.x, below ? bar.y + 17 : Math.min(bar.y, bar.base) - 6);
            if (!levels || index + 1 === bars.length) return;
            var y = Math.round(chart.scales.y.getPixelForValue(levels[index])) + 0.5;
            context.strokeStyle = color('soft');
            context.setLineDash([3, 3]);
            context.beginPath();
            context.moveTo(bar.x + bar.width / 2, y);
            context.lineTo(bars[index + 1].x - bars[index + 1].width / 2, y);
            context.stroke();
          });
          context.restore();
        }};

        function waterfall() {
          var steps = figures.waterfall;
          var settings = options(plain(true), amounts(), false, function (item) { return money(Math.abs(item.raw[1] - item.raw[0])); });
          settings.texts = steps.map(function (step) { return (step.kind === 'saving' ? '−' : step.kind === 'extra' ? '+' : '') + short(Math.abs(step.high - step.low)); });
          settings.levels = steps.map(function (step) { return step.kind === 'saving' ? step.low : step.high; });
          draw('levers', {type: 'bar', plugins: [labels], options: settings, data: {
            labels: steps.map(function (step) { return lines(step.label); }),
            datasets: [{label: figures.currency, maxBarThickness: 170, categoryPercentage: 0.9, barPercentage: 0.95,
              data: steps.map(function (step) { return [step.low, step.high]; }),
              backgroundColor: steps.map(function (step) { return color({bill: 'held', saving: 'good', extra: 'bad', after: 'new'}[step.kind]); })}]
          }});
        }
        function monthly() {
          draw('months', {type: 'bar', options: options(plain(), amounts(), true), data: {labels: figures.months.labels.map(month), datasets: [
            {label: 'Now', data: figures.months.before, backgroundColor: color('held'), maxBarThickness: 42, pointStyle: 'rect'},
            {label: 'After', data: figures.months.after, backgroundColor: color('new'), maxBarThickness: 42, pointStyle: 'rect'}
          ]}});
        }
        function coverage() {
          var percent = axis({min: 0, max: 100, title: {display: true, text: '%', color: color('soft')}});
          draw('coverage', {type: figures.coverage.labels.length < 3 ? 'bar' : 'line', options: options(plain(), percent, true, function (item) { return item.dataset.label + ': ' + item.parsed.y + ' %'; }),
            data: {labels: figures.coverage.labels.map(month), datasets: [
              line('Coverage', figures.coverage.coverage, 'new', 'circle', []),
              line('Utilisation', figures.coverage.utilization, 'demand', 'rect', [6, 4])
            ]}});
        }
        function line(label, data, name, point, dash) {
          return {label: label, data: data, borderColor: color(name), backgroundColor: color(name), borderWidth: 2.5,
            borderDash: dash, pointStyle: point, pointRadius: 3.5, tension: 0, clip: false, maxBarThickness: 60};
        }
        function risk() {
          var values = figures.falls.values;
          var settings = options(plain(true), amounts(), false, function (item) { return (item.raw < 0 ? 'Loss: ' : 'Saving: ') + money(Math.abs(item.raw)); });
          settings.texts = values.map(short);
          settings.layout.padding.bottom = 6;
          settings.scales.y.grace = '8%';
          draw('risk', {type: 'bar', plugins: [labels], options: settings, data: {labels: figures.falls.labels.map(lines), datasets: [
            {label: 'Saving', data: values, maxBarThickness: 90, backgroundColor: values.map(function (value) { return color(value < 0 ? 'bad' : 'good'); })}
          ]}});
        }
        // Few variants stand side by side; lines of more would hide each other less than their bars.
        function compare() {
          var points = ['circle', 'rect', 'triangle', 'rectRot', 'star', 'cross'], sets = figures.compare.sets;
          var bars = sets.length * figures.compare.labels.length <= 48;
          draw('compare', {type: bars ? 'bar' : 'line', options: options(plain(), amounts(), true), data: {labels: figures.compare.labels.map(month),
            datasets: sets.map(function (set, index) {
              return Object.assign(line(cut(set.name), set.values, 's' + (index % 6 + 1), bars ? 'rect' : points[index % 6], index % 2 ? [6, 4] : []),
                bars ? {borderWidth: 0, maxBarThickness: 42} : {});
            })}});
        }

        // Runs as points, `sense` 1 where more of x is better, -1 where less is; a line joins those none beats in both.
        function pareto(id, key, title, sense, tail) {
          var x = amounts({unit: figures.currency + title}), y = amounts({unit: figures.currency + ' saved'});
          x.beginAtZero = y.beginAtZero = false;
          y.grace = '6%';
          // Nobody pays less than nothing.
          if (sense < 0) x.min = 0; else x.grace = '6%';
          var best = [], others = [], top = -Infinity;
          var points = figures.sweep.map(function (run, index) { return {x: run[key], y: run.saving, label: run.label, run: index + 1}; });
          points.sort(function (a, b) { return sense * (b.x - a.x) || b.y - a.y; });
          points.forEach(function (point) {
            var last = best[best.length - 1], same = last && last.x === point.x && last.y === point.y;
            if (point.y > top || same) { top = point.y; best.push(point); } else others.push(point);
          });
          function set(label, data, style, name, joined) {
            return {label: label, data: data, pointStyle: style, pointRadius: 6, showLine: joined, stepped: joined ? 'before' : false, borderWidth: 1.5,
              borderDash: [5, 4], borderColor: color(name), backgroundColor: color(name), clip: false};
          }
          var settings = options(x, y, true, function (item) { return cut(item.raw.label) + ': ' + money(item.parsed.y) + tail(item.parsed.x); });
          settings.interaction = {mode: 'nearest', intersect: true};
          var numbers = {id: 'numbers', afterDatasetsDraw: function (chart) {
            var context = chart.ctx, groups = [];
            context.save();
            context.fillStyle = color('text');
            context.font = '600 12px ' + Chart.defaults.font.family;
            chart.data.datasets.forEach(function (data, index) {
              chart.getDatasetMeta(index).data.forEach(function (mark, at) {
                // What lies together shares one text.
                var near = groups.find(function (group) { return Math.abs(group.x - mark.x) < 18 && Math.abs(group.y - mark.y) < 14; });
                if (near) near.runs.push(data.data[at].run); else groups.push({x: mark.x, y: mark.y, runs: [data.data[at].run]});
              });
            });
            groups.forEach(function (group) {
              var text = group.runs.sort(function (a, b) { return a - b; }).join(', '), right = group.x + 60 < chart.width;
              context.textAlign = right ? 'left' : 'right';
              context.fillText(text, group.x + (right ? 10 : -10), group.y - 9);
            });
            context.restore();
          }};
          draw(id, {type: 'scatter', plugins: points.length <= 40 ? [numbers] : [], options: settings,
            data: {datasets: [set('Not beaten in both', best, 'circle', 'new', true), set('Others', others, 'rectRot', 'demand', false)]}});
        }
        function sweep() {
          pareto('sweep', 'fallen', ' saved when demand falls', 1, function (x) { return ', ' + money(x) + ' when demand falls'; });
          if (figures.cash) pareto('cash', 'upfront', ' upfront', -1, function (x) { return ', ' + money(x) + ' upfront'; });
        }

        // Hours: means of so many hours that the chart has some hundred points.
        function hours() {
          var data = figures.hours;
          if (!data) return;
          var all = data.held.length;
          var span = view.span ? Math.min(all, Math.ceil(view.span / data.step)) : all;
          var from = Math.min(view.from, all - span);
          var size = span * data.step > 1500 ? Math.max(1, Math.round(24 / data.step), Math.ceil(span / 450)) : 1;
          var sets = {held: [], fresh: [], rest: [], cost: []};
          var peak = [];
          for (var start = from; start < from + span; start += size) {
            var end = Math.min(start + size, from + span), top = 0;
            var sums = {held: 0, fresh: 0, rest: 0, cost: 0};
            for (var index = start; index < end; index++) {
              for (var key in sums) sums[key] += data[key][index] / 100;
              top = Math.max(top, (data.held[index] + data.fresh[index] + data.rest[index]) / 100);
            }
            var x = data.first + start * data.step;
            for (var name in sums) sets[name].push({x: x, y: sums[name] / (end - start)});
            peak.push({x: x, y: top});
          }
          var x = axis({type: 'linear', min: data.first + from * data.step, max: data.first + (from + span) * data.step - 1, grid: {display: false}});
          x.afterBuildTicks = ticks;
          x.ticks = {color: color('soft'), maxRotation: 0, autoSkip: false, callback: tick};
          var y = amounts({unit: figures.currency + ' an hour'});
          y.stacked = true;
          var settings = options(x, y, true);
          settings.parsing = false;
          settings.normalized = true;
          settings.plugins.tooltip.callbacks.title = function (items) {
            return new Date(items[0].parsed.x * 3600000).toISOString().slice(0, size > 1 ? 10 : 16).replace('T', ' ') + (size > 1 ? '' : ' UTC');
          };
          function area(label, data, name, fill) {
            return {label: label, data: data, stack: 'demand', fill: fill, backgroundColor: color(name), borderColor: color(name), borderWidth: 0.5, pointRadius: 0, pointStyle: 'rect'};
          }
          var held = data.held.some(function (value) { return value > 0; });
          var lines = [area('Covered by commitments held', sets.held, 'held', 'origin'), area('Covered by new ones', sets.fresh, 'new', '-1'), area('On demand', sets.rest, 'demand', '-1')];
          if (!held) { lines.shift(); lines[0].fill = 'origin'; }
          lines.push({label: 'What commitments cost', data: sets.cost, stack: 'cost', fill: false, borderColor: color('cost'), backgroundColor: color('cost'), borderWidth: 2, borderDash: [6, 4], pointRadius: 0, pointStyle: 'line', stepped: true, order: -1});
          // A pale area from the mean up to the highest hour: a line would run up and down through everything.
          if (size > 1) lines.splice(lines.length - 1, 0, {label: 'Up to the highest hour', data: peak, stack: 'peak', fill: '-1', backgroundColor: color('peak'), borderColor: color('peak'), borderWidth: 0.5, pointRadius: 0, pointStyle: 'rect'});
          draw('hours', {type: 'line', options: settings, data: {datasets: lines}});
          var shown = document.getElementById('hours-shown');
          shown.textContent = day(data.first + from * data.step) + ' to ' + day(data.first + (from + span) * data.step - 1) + (size > 1 ? ', means of ' + size * data.step + ' hours' : data.step > 1 ? ', means of ' + data.step + ' hours' : ', every hour');
        }
        function ticks(scale) {
          var result = [], span = scale.max - scale.min, first = new Date(scale.min * 3600000);
          if (span > 24 * 62) {
            for (var month = 0; month < 400; month++) {
              var at = Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + month, 1) / 3600000;
              if (at > scale.max) break;
              if (at >= scale.min) result.push({value: at});
            }
          } else {
            var every = span > 72 ? 24 : 6;
            for (var value = Math.ceil(scale.min / every) * every; value <= scale.max; value += every) result.push({value: value});
          }
          var room = Math.max(2, Math.floor(scale.width / 62)) , keep = Math.ceil(result.length / room);
          scale.ticks = result.filter(function (_, index) { return index % keep === 0; });
        }
        function tick(value) {
          var date = new Date(value * 3600000), span = this.max - this.min;
          if (value % 24) return date.toISOString().slice(11, 16);
          return span > 24 * 62 ? months[date.getUTCMonth()] + ' ' + String(date.getUTCFullYear()).slice(2) : date.getUTCDate() + ' ' + months[date.getUTCMonth()];
        }
        function controls() {
          var slider = document.getElementById('hours-from');
          if (!slider || !figures.hours) return;
          var all = figures.hours.held.length, step = Math.max(1, Math.round(24 / figures.hours.step));
          document.querySelectorAll('#hours-controls button').forEach(function (button) {
            button.addEventListener('click', function () {
              document.querySelectorAll('#hours-controls button').forEach(function (other) { other.setAttribute('aria-pressed', String(other === button)); });
              view.span = Number(button.dataset.span);
              var span = Math.ceil(view.span / figures.hours.step);
              slider.disabled = !view.span || span >= all;
              slider.max = String(Math.max(0, Math.ceil((all - span) / step)));
              slider.value = String(Math.min(Number(slider.value), Number(slider.max)));
              view.from = slider.disabled ? 0 : Number(slider.value) * step;
              hours();
            });
          });
          slider.addEventListener('input', function () { view.from = Number(slider.value) * step; hours(); });
        }
        function all() {
          if (figures.sweep) sweep();
          if (figures.waterfall) waterfall();
          if (figures.months) monthly();
          hours();
          if (figures.coverage) coverage();
          if (figures.falls) risk();
          if (figures.compare) compare();
        }
        controls();
        all();
        var dark = window.matchMedia('(prefers-color-scheme: dark)'), paper = window.matchMedia('print');
        dark.addEventListener('change', all);
        paper.addEventListener('change', all);
        window.addEventListener('beforeprint', all);
        window.addEventListener('afterprint', all);
        root.dataset.drawn = Object.keys(charts).join(' ');
        }());
        """#
}
