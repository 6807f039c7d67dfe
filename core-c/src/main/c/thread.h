/* SPDX-License-Identifier: Apache-2.0 */
/* Threads and conditions as the core uses them: conditions wait by the monotonic clock. */
#ifndef NACRE_THREAD_H
#define NACRE_THREAD_H

#include "base.h"

#include <pthread.h>

void condition_init(pthread_cond_t *condition);
/* Waits at most so long; may return early. */
void condition_wait_ns(pthread_cond_t *condition, pthread_mutex_t *lock, uint64_t ns);
/* Starts a thread, with room for the platform's own calls on its stack. */
int thread_start(pthread_t *thread, void *(*run)(void *), void *argument);

#endif
