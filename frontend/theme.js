// Light, dark or as the system says; density. Kept in cookies so that the server draws the next page right at once.
const root = document.documentElement;
const system = matchMedia('(prefers-color-scheme: dark)');

export const isDark = () => root.dataset.theme === 'dark' || (root.dataset.theme === 'system' && system.matches);

function apply() {
  root.dataset.bsTheme = isDark() ? 'dark' : 'light';
  document.dispatchEvent(new CustomEvent('pace:theme'));
}

function remember(name, value) {
  const secure = location.protocol === 'https:' ? '; secure' : '';
  document.cookie = `${name}=${value}; path=/; max-age=31536000; samesite=lax${secure}`;
}

export function startTheme() {
  apply();
  system.addEventListener('change', apply);
  document.addEventListener('click', (event) => {
    const button = event.target.closest('[data-set-theme], [data-set-density]');
    if (!button) return;
    const { setTheme, setDensity } = button.dataset;
    if (setTheme) {
      root.dataset.theme = setTheme;
      remember('pace_theme', setTheme);
      apply();
    } else {
      root.dataset.density = setDensity;
      remember('pace_density', setDensity);
    }
    for (const other of button.parentElement.querySelectorAll(setTheme ? '[data-set-theme]' : '[data-set-density]'))
      other.setAttribute('aria-pressed', String(other === button));
  });
}
