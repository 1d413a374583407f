#ifndef CLEAVE_CIGRAPH_SHARED_H
#define CLEAVE_CIGRAPH_SHARED_H

#include <igraph/igraph.h>
#include <stdbool.h>
#include <stdint.h>

// What every run begins and ends with. igraph keeps one random generator and one error handler per process, so runs from
// several threads wait for each other between the two calls. The graph belongs to the caller until `cleave_leave`; when
// `cleave_enter` fails there is no graph and nothing to leave.
igraph_error_t cleave_enter(
    igraph_t *graph, int64_t node_count, int64_t edge_count, const int64_t *ends, bool is_directed, uint64_t seed);
void cleave_leave(igraph_t *graph);

// Copies the cluster of every vertex to `membership`.
void cleave_copy(const igraph_vector_int_t *result, int64_t *membership);

#endif
