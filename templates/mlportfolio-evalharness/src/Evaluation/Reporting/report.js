// Click, or Enter on a focused heading, sorts a table by that column: numbers by value, the rest as text.
for (const table of document.querySelectorAll('table.sortable')) {
  const heads = [...table.tHead.rows[0].cells];
  const key = (row, column) => {
    const cell = row.cells[column];
    const value = cell.dataset.value ?? cell.firstChild?.textContent ?? '';
    const number = Number.parseFloat(value.replace('−', '-'));
    return Number.isNaN(number) ? value : number;
  };
  heads.forEach((head, column) => {
    head.tabIndex = 0;
    const sort = () => {
      const descending = head.ariaSort !== 'descending';
      heads.forEach(other => other.removeAttribute('aria-sort'));
      head.ariaSort = descending ? 'descending' : 'ascending';
      const rows = [...table.tBodies[0].rows].sort((a, b) => {
        const [x, y] = [key(a, column), key(b, column)];
        const order = typeof x === 'number' && typeof y === 'number' ? x - y : String(x).localeCompare(String(y));
        return descending ? -order : order;
      });
      table.tBodies[0].append(...rows);
    };
    head.addEventListener('click', sort);
    head.addEventListener('keydown', event => { if (event.key === 'Enter') sort(); });
  });
}
