/* How messages travel: plain JSON, engine.io with or without acknowledgements, or a room's frames. */
#ifndef DIALECT_H
#define DIALECT_H

#include "peer.h"

const struct dialect *dialect_named(const char *name);

#endif
