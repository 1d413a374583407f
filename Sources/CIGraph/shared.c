#include "shared.h"

#include <pthread.h>

static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER;

igraph_error_t cleave_enter(
    igraph_t *graph, int64_t node_count, int64_t edge_count, const int64_t *ends, bool is_directed, uint64_t seed) {
  pthread_mutex_lock(&turn);
  igraph_set_error_handler(igraph_error_handler_ignore);
  igraph_rng_seed(igraph_rng_default(), (igraph_uint_t)seed);
  igraph_vector_int_t list;
  igraph_error_t code = igraph_vector_int_init(&list, 2 * edge_count);
  if (code == IGRAPH_SUCCESS) {
    for (int64_t i = 0; i < 2 * edge_count; i++) VECTOR(list)[i] = (igraph_integer_t)ends[i];
    code = igraph_create(graph, &list, (igraph_integer_t)node_count, is_directed);
    igraph_vector_int_destroy(&list);
  }
  if (code != IGRAPH_SUCCESS) pthread_mutex_unlock(&turn);
  return code;
}

void cleave_leave(igraph_t *graph) {
  igraph_destroy(graph);
  pthread_mutex_unlock(&turn);
}

void cleave_copy(const igraph_vector_int_t *result, int64_t *membership) {
  for (igraph_integer_t i = 0; i < igraph_vector_int_size(result); i++) membership[i] = VECTOR(*result)[i];
}
