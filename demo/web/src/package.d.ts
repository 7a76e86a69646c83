/** Of Node: the package's sources are compiled with the page's types, and one file that no page runs names it. */
declare function setImmediate(fire: () => void): unknown;
