/* The optional native extension that fingerprints program text; equal to prints.py without it.
 *
 * C99 against the stable ABI. The text is only read, every loop goes forward, and memory grows with the text alone. */

#include "_native.h"

#define BASE UINT64_C(0x9E3779B97F4A7C15)

static uint64_t
mixed(uint64_t value)
{
    value = (value ^ (value >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    value = (value ^ (value >> 27)) * UINT64_C(0x94D049BB133111EB);
    return value ^ (value >> 31);
}

/* Without the anchors that turned out to be none. */
static void
drop_dead(Stream *stream)
{
    size_t kept = 0;
    for (size_t i = 0; i < stream->count; i++)
        if (stream->values[i] != DEAD) {
            stream->values[kept] = stream->values[i];
            stream->lines[kept++] = stream->lines[i];
        }
    stream->count = kept;
}

/* The hash of each run of k values: polynomial, then mixed; its upper half. */
static void
hash_runs(const Stream *stream, size_t k, uint32_t *hashes)
{
    uint64_t hash = 0, power = 1;
    for (size_t i = 0; i < k; i++)
        power *= BASE;
    for (size_t i = 0; i < stream->count; i++) {
        hash = hash * BASE + stream->values[i] + 1;
        if (i >= k)
            hash -= power * ((uint64_t)stream->values[i - k] + 1);
        if (i + 1 >= k)
            hashes[i + 1 - k] = (uint32_t)(mixed(hash) >> 32);
    }
}

/* Of every window of w hashes its least, the last of equal ones; of fewer than w the least of all. */
static size_t
choose(const uint32_t *hashes, size_t count, size_t w, size_t *chosen)
{
    size_t kept = 0, least = 0, known = 0; /* known: whether `least` is of this window */
    if (count < w)
        w = count;
    for (size_t end = w; w && end <= count; end++) {
        size_t start = end - w;
        if (!known || least < start) {
            least = start;
            for (size_t i = start; i < end; i++)
                if (hashes[i] <= hashes[least])
                    least = i;
            known = 1;
        }
        else if (hashes[end - 1] <= hashes[least])
            least = end - 1;
        if (!kept || chosen[kept - 1] != least)
            chosen[kept++] = least;
    }
    return kept;
}

int
winnow(const Stream *stream, size_t k, size_t w, Prints *prints)
{
    if (stream->count < k)
        return 0;
    size_t count = stream->count - k + 1;
    uint32_t *hashes = malloc(count * sizeof *hashes);
    size_t *chosen = malloc(count * sizeof *chosen);
    prints->hashes = malloc(count * sizeof *prints->hashes);
    prints->firsts = malloc(count * sizeof *prints->firsts);
    prints->lasts = malloc(count * sizeof *prints->lasts);
    int good = hashes && chosen && prints->hashes && prints->firsts && prints->lasts;
    if (good) {
        hash_runs(stream, k, hashes);
        prints->count = choose(hashes, count, w, chosen);
        for (size_t i = 0; i < prints->count; i++) {
            prints->hashes[i] = hashes[chosen[i]];
            prints->firsts[i] = stream->lines[chosen[i]];
            prints->lasts[i] = stream->lines[chosen[i] + k - 1];
        }
    }
    free(hashes);
    free(chosen);
    return good ? 0 : -1;
}

static int
run(Lexer *lexer, int language, Prints *anchors, Prints *tokens)
{
    if (!lexer->content)
        return -1;
    if (language)
        tokenize_python(lexer);
    else
        tokenize_javascript(lexer);
    if (lexer->failed)
        return -1;
    drop_dead(&lexer->anchors);
    if (winnow(&lexer->anchors, 4, 6, anchors) < 0)
        return -1;
    return winnow(&lexer->tokens, 20, 12, tokens);
}

static PyObject *
as_tuple(const Prints *anchors, const Prints *tokens)
{
    const Prints *both[] = {anchors, tokens};
    PyObject *tuple = PyTuple_New(6);
    for (Py_ssize_t i = 0; tuple && i < 6; i++) {
        const Prints *prints = both[i / 3];
        const void *items[] = {prints->hashes, prints->firsts, prints->lasts};
        const char *data = prints->count ? items[i % 3] : "";
        PyObject *bytes = PyBytes_FromStringAndSize(data, (Py_ssize_t)(prints->count * 4));
        if (!bytes || PyTuple_SetItem(tuple, i, bytes) < 0)
            Py_CLEAR(tuple);
    }
    return tuple;
}

static void
prints_free(Prints *prints)
{
    free(prints->hashes);
    free(prints->firsts);
    free(prints->lasts);
}

static PyObject *
native_fingerprints(PyObject *module, PyObject *args)
{
    Py_buffer view;
    int language, status = -1;
    Prints anchors = {0}, tokens = {0};
    (void)module;
    if (!PyArg_ParseTuple(args, "y*i", &view, &language))
        return NULL;
    Lexer *lexer = view.len < INT32_MAX ? calloc(1, sizeof *lexer) : NULL;
    Py_BEGIN_ALLOW_THREADS
    if (lexer) {
        lexer->text = view.buf;
        lexer->size = (size_t)view.len;
        lexer->line = 1;
        lexer->closed = NO_CANDIDATE;
        lexer->content = malloc(lexer->size + 4);
        status = run(lexer, language, &anchors, &tokens);
        free(lexer->content);
        free(lexer->anchors.values);
        free(lexer->anchors.lines);
        free(lexer->tokens.values);
        free(lexer->tokens.lines);
    }
    free(lexer);
    Py_END_ALLOW_THREADS
    PyBuffer_Release(&view);
    PyObject *answer = status < 0 ? PyErr_NoMemory() : as_tuple(&anchors, &tokens);
    prints_free(&anchors);
    prints_free(&tokens);
    return answer;
}

static PyMethodDef methods[] = {
    {"fingerprints", native_fingerprints, METH_VARARGS,
     "Hashes, first and last lines of a text's anchors, then of its tokens; language 0 JavaScript, 1 Python."},
    {NULL, NULL, 0, NULL},
};

/* Raised with every change of what the function means: prints.py refuses an older build. */
#define INTERFACE 2

static int
fill_module(PyObject *module)
{
    fill_tables();
    fill_javascript();
    fill_python();
    return PyModule_AddIntConstant(module, "INTERFACE", INTERFACE);
}

static PyModuleDef_Slot slots[] = {{Py_mod_exec, (void *)fill_module}, {0, NULL}};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT,
    .m_name = "licscan.copies._native",
    .m_doc = "Fingerprints of program text, compiled; equal to those of prints.py.",
    .m_size = 0,
    .m_methods = methods,
    .m_slots = slots,
};

PyMODINIT_FUNC
PyInit__native(void)
{
    return PyModuleDef_Init(&definition);
}
