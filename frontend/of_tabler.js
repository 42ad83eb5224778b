// What the pages use of Tabler, whose 635 kB every page would have to read. vite.config.js leaves out every rule that asks
// for another class, element or attribute; tests/web/test_tabler.py names a class that is missing here.
const classes = `
  active asc badge btn btn-danger btn-group btn-icon btn-primary calendar card chart chat col d-md-none disabled
  empty figure form-check-input form-control form-range form-select grid icon invisible kbd lead mark nav page
  placeholder progress ratio required rounded row show signal signature small status steps table table-wrap tag
  timeline toast touch visible visually-hidden`;
const elements = `
  a abbr address b blockquote body button canvas caption cite code dd details dfn dialog dl dt em fieldset
  figcaption figure form h1 h2 h3 h4 h5 h6 hr html i iframe img input kbd label legend li main nav ol optgroup
  option output p pre progress q s samp search section select small span strong sub summary sup svg table tbody td
  textarea tfoot th thead time tr u ul var video`;
const attributes = `
  button checkbox class color cols dark data-bs-theme data-theme date datetime-local dir disabled email file
  hidden href light list ltr month multiple number password radio range readonly reset role rows rtl search size
  style submit tel text time title type url week`;

export const OF_TABLER = `${classes} ${elements} ${attributes}`;
