const unlimited = { perSecond: Infinity, burst: Infinity };

/** All members come from one address, and the publisher is no person: only that is lifted, and each bench prints it. */
export const liftedLimits = {
  connectionsPerAddress: Infinity,
  connectsPerAddress: unlimited,
  messagesPerConnection: unlimited,
  messagesPerUser: unlimited,
};
