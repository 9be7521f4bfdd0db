import { find } from './dom.ts';
import { createFormats } from './formats.ts';
import { keepConnected } from './live/connection.ts';
import { createGateway } from './live/gateway.ts';
import { accountOf, applyEvent, emptyModel, gatewayNowMs, kisAheadMs, linkOf, type Model } from './model.ts';
import { createAccounts } from './panels/accounts.ts';
import { createAnnouncer } from './panels/announcer.ts';
import { createBoard } from './panels/board.ts';
import { createBreaker } from './panels/breaker.ts';
import { createBudget } from './panels/budget.ts';
import { createChartPanel } from './panels/chart.ts';
import { createKeyForm } from './panels/key-form.ts';
import { createMeters } from './panels/meters.ts';
import { createProblems } from './panels/problems.ts';
import { createSettings, writeWords } from './panels/settings.ts';
import { createTokenFacts } from './panels/token-facts.ts';
import { createTokenRing } from './panels/token-ring.ts';
import { createTop } from './panels/top.ts';
import { words } from './words/index.ts';

const gateway = createGateway();
const chart = createChartPanel(gateway);
const panels = [
  createTop(),
  createKeyForm((key) => {
    gateway.setKey(key);
    connection.renew();
  }),
  createAccounts((name) => {
    chosenAccount = name;
    chart.choose(chosenCode, name);
    connection.renew();
  }),
  createTokenRing(),
  createTokenFacts(),
  createBudget(),
  createBreaker(),
  createMeters(),
  createBoard((code) => {
    chosenCode = code;
    chart.choose(code, chosenAccount);
  }),
  chart.panel,
  createProblems(),
  createAnnouncer(),
];

let model: Model = emptyModel;
let chosenAccount: string | undefined;
let chosenCode = '';
let isDrawing = false;
let preferences = createSettings((next) => {
  preferences = next;
  formats = createFormats(next.language);
  writeWords(words[next.language]);
  draw();
  chart.paint();
});
let formats = createFormats(preferences.language);

function draw(): void {
  const { language } = preferences;
  const monotonicMs = performance.now();
  const link = linkOf(model, monotonicMs);
  const [account, nowMs] = [accountOf(model, chosenAccount), gatewayNowMs(model, monotonicMs)];
  find('#panels').dataset.link = link;
  const aheadMs = kisAheadMs(model, account);
  const toKisMs = (gatewayMs: number) => gatewayMs + aheadMs;
  for (const panel of panels)
    panel({ model, link, account, nowMs, toKisMs, language, words: words[language], formats });
}

/** Once for all events that come together. */
function drawSoon(): void {
  if (isDrawing) return;
  isDrawing = true;
  setTimeout(() => {
    isDrawing = false;
    draw();
  });
}

const connection = keepConnected({
  open: (signal) => gateway.get('/events', { account: chosenAccount }, signal),
  onEvent(event) {
    model = applyEvent(model, event, performance.now());
    drawSoon();
  },
  onDenied() {
    model = { ...model, denials: model.denials + 1 };
    drawSoon();
  },
});

writeWords(words[preferences.language]);
draw();
chart.paint();
// The theme of the system may change under 'auto'.
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => chart.paint());
setInterval(draw, 1_000);
