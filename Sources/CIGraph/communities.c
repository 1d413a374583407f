#include "CIGraph.h"
#include "shared.h"

typedef enum { LOUVAIN, INFOMAP, LABELS } method_t;

static igraph_error_t run(
    method_t method, const igraph_t *graph, const igraph_vector_t *weights, int64_t trials,
    igraph_vector_int_t *result) {
  igraph_real_t length = 0;
  switch (method) {
  case LOUVAIN: return igraph_community_multilevel(graph, weights, 1, result, NULL, NULL);
  case INFOMAP: return igraph_community_infomap(graph, weights, NULL, (igraph_integer_t)trials, result, &length);
  case LABELS: return igraph_community_label_propagation(graph, result, IGRAPH_ALL, weights, NULL, NULL);
  }
  return IGRAPH_EINVAL;
}

static int32_t communities(
    method_t method, int64_t node_count, int64_t edge_count, const int64_t *ends, const double *edge_weights,
    bool is_directed, uint64_t seed, int64_t trials, int64_t *membership) {
  igraph_t graph;
  igraph_error_t code = cleave_enter(&graph, node_count, edge_count, ends, is_directed, seed);
  if (code != IGRAPH_SUCCESS) return (int32_t)code;
  igraph_vector_t weights;
  igraph_vector_view(&weights, edge_weights, edge_count);
  igraph_vector_int_t result;
  code = igraph_vector_int_init(&result, 0);
  if (code == IGRAPH_SUCCESS) {
    code = run(method, &graph, &weights, trials, &result);
    if (code == IGRAPH_SUCCESS) cleave_copy(&result, membership);
    igraph_vector_int_destroy(&result);
  }
  cleave_leave(&graph);
  return (int32_t)code;
}

int32_t cleave_louvain(
    int64_t node_count, int64_t edge_count, const int64_t *ends, const double *edge_weights, uint64_t seed,
    int64_t *membership) {
  return communities(LOUVAIN, node_count, edge_count, ends, edge_weights, false, seed, 0, membership);
}

int32_t cleave_infomap(
    int64_t node_count, int64_t edge_count, const int64_t *ends, const double *edge_weights, bool is_directed,
    uint64_t seed, int64_t trials, int64_t *membership) {
  return communities(INFOMAP, node_count, edge_count, ends, edge_weights, is_directed, seed, trials, membership);
}

int32_t cleave_label_propagation(
    int64_t node_count, int64_t edge_count, const int64_t *ends, const double *edge_weights, uint64_t seed,
    int64_t *membership) {
  return communities(LABELS, node_count, edge_count, ends, edge_weights, false, seed, 0, membership);
}
