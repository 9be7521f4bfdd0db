// Before the first paint, so that nothing flashes: what was chosen last time.
try {
  const { language, theme } = JSON.parse(localStorage.getItem('kis-gateway') ?? '{}');
  const own = navigator.language.startsWith('ko') ? 'ko' : 'en';
  document.documentElement.lang = language === 'ko' || language === 'en' ? language : own;
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
} catch {
  // Storage that is denied or spoiled: the defaults do.
}
