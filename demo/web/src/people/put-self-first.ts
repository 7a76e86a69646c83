/** The same people, with oneself before the others. */
export function putSelfFirst<One extends { readonly userId: string }>(people: readonly One[], selfId: string | undefined): readonly One[] {
  const self = people.find(({ userId }) => userId === selfId);
  return self === undefined ? people : [self, ...people.filter((one) => one !== self)];
}
