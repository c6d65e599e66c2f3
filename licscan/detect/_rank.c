/* Which rules a text resembles, by token multisets; candidates.py says the rules. */

#include "_rank.h"

typedef struct {
    int64_t matched;
    int32_t rule;
    double containment, resemblance, steps[3]; /* steps: the same and matched tokens, in tenths */
} Score;

void
rank_scratch_free(void *kept)
{
    Scratch *scratch = kept;
    if (!scratch)
        return;
    free(scratch->grams);
    free(scratch->votes);
    free(scratch->touched);
    free(scratch->counts);
    free(scratch);
}

static Scratch *
scratch_new(size_t rule_count)
{
    Scratch *scratch = calloc(1, sizeof *scratch);
    if (!scratch)
        return NULL;
    scratch->rule_count = rule_count;
    scratch->votes = calloc(rule_count + 1, sizeof *scratch->votes);
    scratch->touched = malloc((rule_count + 1) * sizeof *scratch->touched);
    scratch->counts = calloc(SIZES, sizeof *scratch->counts);
    if (scratch->votes && scratch->touched && scratch->counts)
        return scratch;
    rank_scratch_free(scratch);
    return NULL;
}

/* Takes the kept scratch where it is large enough, and nobody else has it. Under the GIL; without one none is kept. */
static Scratch *
scratch_take(State *state, size_t rule_count)
{
    Scratch *scratch = state->rank_scratch;
    state->rank_scratch = NULL;
    if (scratch && scratch->rule_count >= rule_count)
        return scratch;
    rank_scratch_free(scratch);
    return scratch_new(rule_count);
}

static void
scratch_give(State *state, Scratch *scratch)
{
#ifndef Py_GIL_DISABLED
    if (!state->rank_scratch) {
        state->rank_scratch = scratch;
        return;
    }
#endif
    rank_scratch_free(scratch);
}

static void
scratch_clear(const Tables *tables, Scratch *scratch)
{
    for (size_t at = 0; at < scratch->touched_count; at++)
        scratch->votes[scratch->touched[at]] = 0;
    for (size_t at = 0; at < tables->id_count; at++)
        if (tables->ids[at] >= 0 && tables->ids[at] < SIZES)
            scratch->counts[tables->ids[at]] = 0;
    free(scratch->grams);
    scratch->grams = NULL;
    scratch->gram_count = scratch->touched_count = 0;
}

static double
tenths(double number)
{
    volatile double scaled = number * 10; /* rounded before the sum, whatever the processor could fuse */
    int64_t whole = (int64_t)(scaled + 0.5);
    return (double)whole;
}

/* 1 where the rule shares enough with the text. */
static int
score(const Tables *tables, const Scratch *scratch, int32_t rule, int64_t query, Score *score)
{
    int64_t matched = 0, unique = 0, high_matched = 0, high_unique = 0, length = tables->lengths[rule];
    int32_t start = tables->set_starts[rule], end = tables->set_starts[rule + 1];
    if (start < 0 || end < start || (size_t)end > tables->set_count || length <= 0)
        return 0;
    for (int32_t at = start; at < end; at++) {
        int32_t token = tables->set_ids[at], shared = scratch->counts[token], most = tables->set_counts[at];
        shared = shared < most ? shared : most;
        matched += shared;
        unique += shared > 0;
        if (token < tables->high) {
            high_matched = matched; /* a rule's distinctive tokens stand first */
            high_unique = unique;
        }
    }
    int64_t least_unique = tables->min_high_unique[rule], least = tables->min_high_length[rule];
    if (unique < tables->min_unique[rule] || matched < tables->min_length[rule]
        || high_unique < (least_unique > 1 ? least_unique : 1) || high_matched < (least > 1 ? least : 1)
        || matched * 100 < tables->min_containment[rule] * length)
        return 0;
    score->matched = matched;
    score->rule = rule;
    score->containment = (double)matched / (double)length;
    double share = (double)matched / (double)(query + length - matched);
    score->resemblance = share * share;
    score->steps[0] = tenths(score->containment);
    score->steps[1] = tenths(score->resemblance);
    score->steps[2] = tenths((double)matched / 20);
    return 1;
}

static int
by_score(const void *left, const void *right)
{
    const Score *a = left, *b = right;
    for (int step = 0; step < 3; step++)
        if (a->steps[step] != b->steps[step])
            return a->steps[step] > b->steps[step] ? -1 : 1;
    if (a->containment != b->containment)
        return a->containment > b->containment ? -1 : 1;
    if (a->resemblance != b->resemblance)
        return a->resemblance > b->resemblance ? -1 : 1;
    if (a->matched != b->matched)
        return a->matched > b->matched ? -1 : 1;
    return a->rule > b->rule ? -1 : a->rule < b->rule;
}

static size_t
rank(const Tables *tables, Scratch *scratch, Score *scores)
{
    uint64_t rules[MOST];
    int64_t query = 0;
    size_t count = 0;
    size_t chosen = preselect(tables, scratch, rules);
    for (size_t at = 0; at < tables->id_count; at++) {
        query += tables->ids[at] >= 0;
        if (tables->ids[at] >= 0 && tables->ids[at] < SIZES && scratch->counts[tables->ids[at]] < UINT16_MAX)
            scratch->counts[tables->ids[at]]++;
    }
    for (size_t at = 0; at < chosen; at++)
        count += (size_t)score(tables, scratch, (int32_t)rules[at], query, &scores[count]);
    if (count)
        qsort(scores, count, sizeof *scores, by_score);
    return count;
}

static PyObject *
ranked(State *state, const Tables *tables, int top)
{
    Score scores[MOST];
    int32_t rules[MOST];
    size_t count = 0;
    int status;
    Scratch *scratch = scratch_take(state, tables->rule_count);
    if (!scratch)
        return PyErr_NoMemory();
    Py_BEGIN_ALLOW_THREADS
    if ((status = distinct_grams(tables, scratch)) == 0)
        count = rank(tables, scratch, scores);
    scratch_clear(tables, scratch);
    Py_END_ALLOW_THREADS
    scratch_give(state, scratch);
    if (status < 0)
        return PyErr_NoMemory();
    count = top < 0 ? 0 : (size_t)top < count ? (size_t)top : count;
    for (size_t at = 0; at < count; at++)
        rules[at] = scores[at].rule;
    return PyBytes_FromStringAndSize((const char *)rules, (Py_ssize_t)(count * sizeof *rules));
}

/* The arrays that hold one item a rule (or one more, where they are starts). */
static int
check_lengths(const size_t *counts, size_t rules)
{
    for (size_t at = 0; at < 7; at++)
        if (counts[at] != rules)
            return 0;
    return rules < INT32_MAX;
}

static PyObject *
check_and_rank(State *state, Arrays *arrays, PyObject *const *objects, Tables *t, int top)
{
    size_t starts, set_starts, set_counts, rules[7];
    if (!(t->ids = array_of(arrays, objects[0], 4, "ids", &t->id_count))
        || !(t->grams = array_of(arrays, objects[1], 8, "grams", &t->gram_count))
        || !(t->gram_starts = array_of(arrays, objects[2], 4, "gram_starts", &starts))
        || !(t->voters = array_of(arrays, objects[3], 2, "voters", &t->voter_count))
        || !(t->gram_counts = array_of(arrays, objects[4], 4, "gram_counts", &rules[0]))
        || !(t->set_starts = array_of(arrays, objects[5], 4, "set_starts", &set_starts))
        || !(t->set_ids = array_of(arrays, objects[6], 2, "set_ids", &t->set_count))
        || !(t->set_counts = array_of(arrays, objects[7], 2, "set_counts", &set_counts))
        || !(t->lengths = array_of(arrays, objects[8], 4, "lengths", &rules[1]))
        || !(t->min_unique = array_of(arrays, objects[9], 4, "min_unique", &rules[2]))
        || !(t->min_high_unique = array_of(arrays, objects[10], 4, "min_high_unique", &rules[3]))
        || !(t->min_length = array_of(arrays, objects[11], 4, "min_length", &rules[4]))
        || !(t->min_high_length = array_of(arrays, objects[12], 4, "min_high_length", &rules[5]))
        || !(t->min_containment = array_of(arrays, objects[13], 4, "min_containment", &rules[6])))
        return NULL;
    t->rule_count = rules[0];
    if (starts != t->gram_count + 1 || set_starts != t->rule_count + 1 || set_counts != t->set_count
        || t->id_count > INT32_MAX / 4 || !check_lengths(rules, t->rule_count))
        return refuse("rank_candidates", "tables of different lengths, or too many tokens");
    return ranked(state, t, top);
}

/* rank_candidates(ids, grams, gram_starts, voters, gram_counts, set_starts, set_ids, set_counts, lengths, min_unique,
 * min_high_unique, min_length, min_high_length, min_containment, high, top) -> rule numbers as bytes of int32. */
PyObject *
native_rank_candidates(PyObject *module, PyObject *args)
{
    PyObject *o[14], *answer;
    Arrays arrays = {.open = 0};
    Tables tables = {0};
    int high, top;
    if (!PyArg_ParseTuple(args, "OOOOOOOOOOOOOOii", &o[0], &o[1], &o[2], &o[3], &o[4], &o[5], &o[6], &o[7], &o[8],
                          &o[9], &o[10], &o[11], &o[12], &o[13], &high, &top))
        return NULL;
    tables.high = high;
    answer = check_and_rank(PyModule_GetState(module), &arrays, o, &tables, top);
    arrays_close(&arrays);
    return answer;
}
