#ifndef CLEAVE_CIGRAPH_H
#define CLEAVE_CIGRAPH_H

#include <stdbool.h>
#include <stdint.h>

/// Leiden communities of an undirected weighted graph. igraph's own header breaks Swift's import and stays in the .c file.
///
/// `ends` holds 2 * edge_count vertex numbers and `edge_weights` one positive weight per edge. `node_weights` holds one
/// weight per vertex; `resolution` multiplies their products in the quality. Writes one cluster number per vertex to
/// `membership`, which the caller owns. Returns 0, or igraph's error number with `membership` untouched.
/// Calls from several threads wait for each other because igraph's random generator is one per process.
int32_t cleave_leiden(
    int64_t node_count, int64_t edge_count, const int64_t *ends, const double *edge_weights,
    const double *node_weights, double resolution, uint64_t seed, int64_t iterations, int64_t *membership);

/// Louvain communities by modularity of an undirected weighted graph; arguments and result as for `cleave_leiden`.
int32_t cleave_louvain(
    int64_t node_count, int64_t edge_count, const int64_t *ends, const double *edge_weights, uint64_t seed,
    int64_t *membership);

/// Infomap communities of a weighted graph, if directed each edge from its first end to its second; the best of `trials`.
int32_t cleave_infomap(
    int64_t node_count, int64_t edge_count, const int64_t *ends, const double *edge_weights, bool is_directed,
    uint64_t seed, int64_t trials, int64_t *membership);

/// Communities of an undirected weighted graph by label propagation from one label a vertex.
int32_t cleave_label_propagation(
    int64_t node_count, int64_t edge_count, const int64_t *ends, const double *edge_weights, uint64_t seed,
    int64_t *membership);

#endif
