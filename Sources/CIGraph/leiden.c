#include "CIGraph.h"

#include <igraph/igraph.h>
#include <pthread.h>

// igraph keeps one random generator and one error handler per process.
static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER;

// How far Leiden's refinement strays from the greedy choice; the value of its authors.
static const double refinement_randomness = 0.01;

static igraph_error_t fill_ends(igraph_vector_int_t *list, int64_t count, const int64_t *ends) {
  igraph_error_t code = igraph_vector_int_init(list, count);
  if (code != IGRAPH_SUCCESS) return code;
  for (int64_t i = 0; i < count; i++) VECTOR(*list)[i] = (igraph_integer_t)ends[i];
  return IGRAPH_SUCCESS;
}

static igraph_error_t run(
    const igraph_t *graph, const double *edge_weights, const double *node_weights, double resolution,
    int64_t iterations, int64_t *membership) {
  igraph_vector_t edges, nodes;
  igraph_vector_view(&edges, edge_weights, igraph_ecount(graph));
  igraph_vector_view(&nodes, node_weights, igraph_vcount(graph));
  igraph_vector_int_t result;
  igraph_error_t code = igraph_vector_int_init(&result, 0);
  if (code != IGRAPH_SUCCESS) return code;
  igraph_integer_t clusters = 0;
  igraph_real_t quality = 0;
  code = igraph_community_leiden(
      graph, &edges, &nodes, resolution, refinement_randomness, 0, (igraph_integer_t)iterations, &result, &clusters,
      &quality);
  if (code == IGRAPH_SUCCESS) {
    for (igraph_integer_t i = 0; i < igraph_vcount(graph); i++) membership[i] = VECTOR(result)[i];
  }
  igraph_vector_int_destroy(&result);
  return code;
}

int32_t cleave_leiden(
    int64_t node_count, int64_t edge_count, const int64_t *ends, const double *edge_weights,
    const double *node_weights, double resolution, uint64_t seed, int64_t iterations, int64_t *membership) {
  pthread_mutex_lock(&turn);
  igraph_set_error_handler(igraph_error_handler_ignore);
  igraph_rng_seed(igraph_rng_default(), (igraph_uint_t)seed);
  igraph_vector_int_t list;
  igraph_error_t code = fill_ends(&list, 2 * edge_count, ends);
  if (code == IGRAPH_SUCCESS) {
    igraph_t graph;
    code = igraph_create(&graph, &list, (igraph_integer_t)node_count, IGRAPH_UNDIRECTED);
    if (code == IGRAPH_SUCCESS) {
      code = run(&graph, edge_weights, node_weights, resolution, iterations, membership);
      igraph_destroy(&graph);
    }
    igraph_vector_int_destroy(&list);
  }
  pthread_mutex_unlock(&turn);
  return (int32_t)code;
}
