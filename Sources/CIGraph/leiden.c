#include "CIGraph.h"
#include "shared.h"

// How far Leiden's refinement strays from the greedy choice; the value of its authors.
static const double refinement_randomness = 0.01;

int32_t cleave_leiden(
    int64_t node_count, int64_t edge_count, const int64_t *ends, const double *edge_weights,
    const double *node_weights, double resolution, uint64_t seed, int64_t iterations, int64_t *membership) {
  igraph_t graph;
  igraph_error_t code = cleave_enter(&graph, node_count, edge_count, ends, false, seed);
  if (code != IGRAPH_SUCCESS) return (int32_t)code;
  igraph_vector_t edges, nodes;
  igraph_vector_view(&edges, edge_weights, edge_count);
  igraph_vector_view(&nodes, node_weights, node_count);
  igraph_vector_int_t result;
  code = igraph_vector_int_init(&result, 0);
  if (code == IGRAPH_SUCCESS) {
    igraph_integer_t clusters = 0;
    igraph_real_t quality = 0;
    code = igraph_community_leiden(
        &graph, &edges, &nodes, resolution, refinement_randomness, 0, (igraph_integer_t)iterations, &result, &clusters,
        &quality);
    if (code == IGRAPH_SUCCESS) cleave_copy(&result, membership);
    igraph_vector_int_destroy(&result);
  }
  cleave_leave(&graph);
  return (int32_t)code;
}
