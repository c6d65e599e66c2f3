/* Arrays at the border: int32 items that grow, and the buffers that Python passes in. */

#include "_native.h"

int
ints_reserve(Ints *ints, size_t room)
{
    if (room <= ints->room)
        return 0;
    if (room > INT32_MAX)
        return -1;
    if (room < ints->room + ints->room / 2)
        room = ints->room + ints->room / 2;
    int32_t *items = realloc(ints->items, room * sizeof *items);
    if (!items)
        return -1;
    ints->items = items;
    ints->room = room;
    return 0;
}

void
ints_free(Ints *ints)
{
    free(ints->items);
    memset(ints, 0, sizeof *ints);
}

PyObject *
ints_bytes(const Ints *ints)
{
    return PyBytes_FromStringAndSize((const char *)ints->items, (Py_ssize_t)(ints->count * sizeof *ints->items));
}

const void *
array_of(Arrays *arrays, PyObject *object, size_t size, const char *name, size_t *count)
{
    if (arrays->open == MOST_ARRAYS)
        return refuse(name, "too many arrays");
    Py_buffer *view = &arrays->views[arrays->open];
    if (PyObject_GetBuffer(object, view, PyBUF_C_CONTIGUOUS) < 0)
        return NULL;
    arrays->open++;
    size_t bytes = (size_t)view->len;
    *count = bytes / size;
    if (!bytes)
        return "";
    if ((view->itemsize != 1 && (size_t)view->itemsize != size) || bytes % size || (uintptr_t)view->buf % size)
        return refuse(name, "items of another size than expected");
    return view->buf;
}

void
arrays_close(Arrays *arrays)
{
    while (arrays->open)
        PyBuffer_Release(&arrays->views[--arrays->open]);
}

PyObject *
refuse(const char *name, const char *what)
{
    return PyErr_Format(PyExc_ValueError, "%s: %s", name, what);
}
