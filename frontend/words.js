// The few words that scripts say; the page puts them, already translated, into <script id="words">.
const source = document.getElementById('words');
const words = source ? JSON.parse(source.textContent) : {};

export const word = (key) => words[key] ?? key;
export const language = () => document.documentElement.lang;
