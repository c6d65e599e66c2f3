/* What the parts of the native extension share. */

#ifndef LICSCAN_NATIVE_H
#define LICSCAN_NATIVE_H

#define PY_SSIZE_T_CLEAN
#ifndef Py_GIL_DISABLED
#define Py_LIMITED_API 0x030b0000
#endif
#include <Python.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* Positions, ids and line numbers are int32 on both sides of the border. */
typedef struct {
    int32_t *items;
    size_t count, room;
} Ints;

/* Makes room for so many items in all; -1 without memory or from 2^31 items on. Needs no GIL. */
int ints_reserve(Ints *ints, size_t room);
void ints_free(Ints *ints);
/* The items as bytes of int32; NULL with an exception set. */
PyObject *ints_bytes(const Ints *ints);

/* The C-contiguous buffers of one call. */
#define MOST_ARRAYS 16
typedef struct {
    Py_buffer views[MOST_ARRAYS];
    int open;
} Arrays;

/* The items of an object's buffer, each of `size` bytes and aligned to it; NULL with an exception set. An empty array
 * gives some pointer that is not NULL. */
const void *array_of(Arrays *arrays, PyObject *object, size_t size, const char *name, size_t *count);
void arrays_close(Arrays *arrays);
/* ValueError "NAME: WHAT"; gives NULL. */
PyObject *refuse(const char *name, const char *what);

/* What the module keeps between calls. */
typedef struct {
    void *rank_scratch;
} State;

void rank_scratch_free(void *kept);

PyObject *native_vocabulary(PyObject *module, PyObject *args);
PyObject *native_tokenize(PyObject *module, PyObject *args);
PyObject *native_find_exact(PyObject *module, PyObject *args);
PyObject *native_rank_candidates(PyObject *module, PyObject *args);
PyObject *native_resemblances(PyObject *module, PyObject *args);
PyObject *native_align(PyObject *module, PyObject *args);
PyObject *native_find_hints(PyObject *module, PyObject *args);

#endif
