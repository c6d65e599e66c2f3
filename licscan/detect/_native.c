/* The optional native extension of detection: the hot steps of primitives.py, with equal results.
 *
 * C99 against the stable ABI. Python allocates what it passes in; every buffer's size and every index is checked at the
 * border; loops run without the GIL and without recursion. */

#include "_native.h"

static PyMethodDef methods[] = {
    {"vocabulary", native_vocabulary, METH_VARARGS, "Compile words (bytes, a line each) and int32 ids for tokenize."},
    {"tokenize", native_tokenize, METH_VARARGS, "Ids, lines, starts, ends, unknown words and stopwords of a text."},
    {"find_exact", native_find_exact, METH_VARARGS, "Positions and rules of all occurrences of all rules."},
    {"rank_candidates", native_rank_candidates, METH_VARARGS, "The rules that resemble the tokens, best first."},
    {"resemblances", native_resemblances, METH_VARARGS, "How much the tokens and each rule have in common, 0 to 1."},
    {"align", native_align, METH_VARARGS, "Longest matching blocks of a query and a rule."},
    {"find_hints", native_find_hints, METH_VARARGS, "Places and numbers of short words in a text, in one pass."},
    {NULL, NULL, 0, NULL},
};

/* Raised with every change of what a function takes, gives or means: compiled.py refuses an older build, which a
 * checkout keeps until it is installed anew. */
#define INTERFACE 5

static int
fill_module(PyObject *module)
{
    return PyModule_AddIntConstant(module, "INTERFACE", INTERFACE);
}

static void
free_module(void *module)
{
    State *state = PyModule_GetState(module);
    if (state)
        rank_scratch_free(state->rank_scratch);
}

static PyModuleDef_Slot slots[] = {{Py_mod_exec, (void *)fill_module}, {0, NULL}};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT,
    .m_name = "licscan.detect._native",
    .m_doc = "The hot steps of detection, compiled; equal to the numpy versions in primitives.py.",
    .m_size = sizeof(State),
    .m_methods = methods,
    .m_slots = slots,
    .m_free = free_module,
};

PyMODINIT_FUNC
PyInit__native(void)
{
    return PyModuleDef_Init(&definition);
}
