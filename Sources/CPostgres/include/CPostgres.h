#ifndef CLEAVE_CPOSTGRES_H
#define CLEAVE_CPOSTGRES_H

// Debian keeps the header in a folder of its own; what it includes lies beside it.
#include <postgresql/libpq-fe.h>

#endif
