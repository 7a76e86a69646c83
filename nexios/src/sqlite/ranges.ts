/** Entries of a room, by its id and a range of offsets. */
export const selectEntries: string = select("offset");

/** Public entries of a room, by its id and a range of positions. A resume costs what it gets: it is a range of an index. */
export const selectPublicEntries: string = select("position");

/** Each with the check of the entry before it, if that is there. */
function select(by: "offset" | "position"): string {
  return `select e.*, before."check" as before_check from nexios_entry e left join nexios_entry before on before.room = e.room and before."offset" = e."offset" - 1
    where e.room = ? and e."${by}" > ? and e."${by}" <= ? order by e."${by}"`;
}
