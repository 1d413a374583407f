#ifndef CLEAVE_CMARIADB_H
#define CLEAVE_CMARIADB_H

#include <mariadb/mysql.h>

#endif
