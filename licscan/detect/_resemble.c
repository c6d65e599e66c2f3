/* How much a text and some rules have in common; candidates.py says the measure. */

#include "_native.h"

#define SIZES 65536 /* ids that fit a rule's tokens */

typedef struct {
    const int32_t *ids, *rules, *set_starts, *lengths;
    const uint16_t *set_ids, *set_counts;
    size_t id_count, rule_count, set_count, length_count;
} Tables;

/* Tokens of a text: how often each of them stands, and how many there are, each time and once each. */
typedef struct {
    int32_t *counts;
    int64_t total, different;
} Bag;

static void
count_tokens(const Tables *tables, Bag *bag)
{
    for (size_t at = 0; at < tables->id_count; at++) {
        int32_t id = tables->ids[at];
        if (id < 0)
            continue;
        bag->total++;
        if (id < SIZES)
            bag->different += !bag->counts[id]++;
    }
}

/* Of tokens as often as they stand and of tokens once each, the smaller share; 0 for what is no rule. */
static double
resemblance(const Tables *tables, const Bag *bag, int32_t rule)
{
    if (rule < 0 || (size_t)rule >= tables->length_count)
        return 0;
    int32_t start = tables->set_starts[rule], end = tables->set_starts[rule + 1];
    if (start < 0 || end < start || (size_t)end > tables->set_count)
        return 0;
    int64_t shared = 0, both = 0;
    for (int32_t at = start; at < end; at++) {
        int32_t mine = bag->counts[tables->set_ids[at]], theirs = tables->set_counts[at];
        shared += mine < theirs ? mine : theirs;
        both += mine > 0;
    }
    int64_t different = bag->different + end - start - both, all = bag->total + tables->lengths[rule] - shared;
    if (different <= 0 || all <= 0)
        return 0;
    double of_sets = (double)both / (double)different, of_all = (double)shared / (double)all;
    return of_sets < of_all ? of_sets : of_all;
}

static PyObject *
measured(const Tables *tables)
{
    PyObject *answer = PyBytes_FromStringAndSize(NULL, (Py_ssize_t)(tables->rule_count * sizeof(double)));
    Bag bag = {.counts = calloc(SIZES, sizeof *bag.counts)};
    if (answer && bag.counts) {
        char *place = PyBytes_AsString(answer);
        Py_BEGIN_ALLOW_THREADS
        count_tokens(tables, &bag);
        for (size_t at = 0; at < tables->rule_count; at++) {
            double share = resemblance(tables, &bag, tables->rules[at]);
            memcpy(place + at * sizeof share, &share, sizeof share);
        }
        Py_END_ALLOW_THREADS
    }
    else {
        Py_CLEAR(answer);
        PyErr_NoMemory();
    }
    free(bag.counts);
    return answer;
}

static PyObject *
check_and_measure(Arrays *arrays, PyObject *const *objects)
{
    Tables t;
    size_t starts, counts;
    if (!(t.ids = array_of(arrays, objects[0], 4, "ids", &t.id_count))
        || !(t.rules = array_of(arrays, objects[1], 4, "rules", &t.rule_count))
        || !(t.set_starts = array_of(arrays, objects[2], 4, "set_starts", &starts))
        || !(t.set_ids = array_of(arrays, objects[3], 2, "set_ids", &t.set_count))
        || !(t.set_counts = array_of(arrays, objects[4], 2, "set_counts", &counts))
        || !(t.lengths = array_of(arrays, objects[5], 4, "lengths", &t.length_count)))
        return NULL;
    if (counts != t.set_count || starts != t.length_count + 1 || t.id_count > INT32_MAX || t.rule_count > INT32_MAX / 8)
        return refuse("resemblances", "tables of different lengths, or too many tokens");
    return measured(&t);
}

/* resemblances(ids, rules, set_starts, set_ids, set_counts, lengths) -> bytes of double, one for each of `rules`. */
PyObject *
native_resemblances(PyObject *module, PyObject *args)
{
    PyObject *o[6], *answer;
    Arrays arrays = {.open = 0};
    (void)module;
    if (!PyArg_ParseTuple(args, "OOOOOO", &o[0], &o[1], &o[2], &o[3], &o[4], &o[5]))
        return NULL;
    answer = check_and_measure(&arrays, o);
    arrays_close(&arrays);
    return answer;
}
