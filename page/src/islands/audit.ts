/** The log: an entry that is not on this page of it is looked for on the others. */
const asked = /^#entry-(\d+)$/.exec(location.hash);
if (asked && !document.getElementById(`entry-${asked[1]}`)) location.replace(`/audit/${asked[1]}`);
