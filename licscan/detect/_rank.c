/* Which rules a text resembles: votes of distinctive 3-grams, then token multisets; candidates.py says the rules. */

#include "_native.h"

#define KEPT 64
#define MOST (3 * KEPT)
#define HOLE UINT64_C(0xFFFF)
#define SIZES 65536 /* of the table of token counts: ids that fit a rule's tokens */

typedef struct {
    const int32_t *ids;
    const uint64_t *grams;
    const int32_t *gram_starts, *gram_counts, *set_starts, *lengths;
    const uint16_t *voters, *set_ids, *set_counts;
    const int32_t *min_unique, *min_high_unique, *min_length, *min_high_length, *min_containment;
    size_t id_count, gram_count, voter_count, set_count, rule_count;
    int32_t high;
} Tables;

/* A rule with what it is kept for: the higher, the better; then by votes, then the lower number. */
typedef struct {
    int64_t worth, votes;
    int32_t rule;
} Vote;

typedef struct {
    Vote best[KEPT];
    size_t count;
} Keepers;

typedef struct {
    int64_t matched;
    int32_t rule;
    double containment, resemblance, steps[3]; /* steps: the same and matched tokens, in tenths */
} Score;

/* What one call allocates. */
typedef struct {
    uint64_t *grams;
    int32_t *votes, *touched;
    uint16_t *counts; /* at most 65,535, as a rule's own counts */
    size_t gram_count, touched_count;
} Scratch;

static int
by_number(const void *left, const void *right)
{
    uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;
    return (a > b) - (a < b);
}

/* The distinct 3-grams of the text that hold a distinctive token and no hole, in no order. -1 without memory. */
static int
distinct_grams(const Tables *tables, Scratch *scratch)
{
    size_t count = tables->id_count < 3 ? 0 : tables->id_count - 2, slots = 16;
    while (slots < 2 * count)
        slots *= 2;
    uint64_t *seen = malloc(slots * sizeof *seen), gram = 0;
    if (!seen || !(scratch->grams = malloc((count + 1) * sizeof *scratch->grams))) {
        free(seen);
        return -1;
    }
    memset(seen, 0xFF, slots * sizeof *seen); /* no gram has 64 bits */
    size_t run = 0, dull = 3;                 /* tokens since the last hole, and since the last distinctive one */
    for (size_t at = 0; at < tables->id_count; at++) {
        run = tables->ids[at] >= 0 ? run + 1 : 0;
        dull = tables->ids[at] < tables->high ? 0 : dull + 1;
        gram = gram >> 16 | ((uint64_t)tables->ids[at] & HOLE) << 32;
        if (run < 3 || dull > 2)
            continue;
        size_t slot = (size_t)(gram * UINT64_C(0x9E3779B97F4A7C15) >> 24) & (slots - 1);
        while (seen[slot] != UINT64_MAX && seen[slot] != gram)
            slot = (slot + 1) & (slots - 1);
        if (seen[slot] == UINT64_MAX)
            scratch->grams[scratch->gram_count++] = seen[slot] = gram;
    }
    free(seen);
    return 0;
}

/* For `many` grams at once the first place in the table that is not below each: the waits for memory overlap. */
static void
lower_bounds(const Tables *tables, const uint64_t *grams, size_t many, size_t *places)
{
    size_t left = tables->gram_count;
    for (size_t k = 0; k < many; k++)
        places[k] = 0;
    while (left > 1) {
        size_t half = left / 2;
        for (size_t k = 0; k < many; k++)
            places[k] += (tables->grams[places[k] + half - 1] < grams[k]) * half;
        left -= half;
    }
    for (size_t k = 0; k < many; k++)
        places[k] += left && tables->grams[places[k]] < grams[k];
}

static void
vote(const Tables *tables, Scratch *scratch, size_t gram)
{
    int32_t start = tables->gram_starts[gram], end = tables->gram_starts[gram + 1];
    if (start < 0 || end < start || (size_t)end > tables->voter_count)
        return;
    for (int32_t at = start; at < end; at++) {
        uint16_t rule = tables->voters[at];
        if (rule >= tables->rule_count)
            continue;
        scratch->touched[scratch->touched_count] = rule; /* stays only where it is the rule's first vote */
        scratch->touched_count += !scratch->votes[rule]++;
    }
}

static void
vote_all(const Tables *tables, Scratch *scratch)
{
    size_t places[32];
    for (size_t first = 0; first < scratch->gram_count; first += 32) {
        size_t many = scratch->gram_count - first < 32 ? scratch->gram_count - first : 32;
        lower_bounds(tables, scratch->grams + first, many, places);
        for (size_t k = 0; k < many; k++)
            if (places[k] < tables->gram_count && tables->grams[places[k]] == scratch->grams[first + k])
                vote(tables, scratch, places[k]);
    }
}

static int
vote_before(const Vote *a, const Vote *b)
{
    if (a->worth != b->worth)
        return a->worth > b->worth;
    if (a->votes != b->votes)
        return a->votes > b->votes;
    return a->rule < b->rule;
}

/* Keeps the best votes in order. */
static void
keep(Keepers *keepers, Vote vote)
{
    if (keepers->count == KEPT && !vote_before(&vote, &keepers->best[KEPT - 1]))
        return;
    size_t at = keepers->count < KEPT ? keepers->count++ : KEPT - 1;
    for (; at && vote_before(&vote, &keepers->best[at - 1]); at--)
        keepers->best[at] = keepers->best[at - 1];
    keepers->best[at] = vote;
}

/* Whether a share of so many votes is below all that are kept by share and by both: what the division would say too. */
static int
hopeless(const Keepers *by_share, const Keepers *by_both, int64_t votes, int64_t total)
{
    return by_share->count == KEPT && votes * 65536 < by_share->best[KEPT - 1].worth * total
        && votes * (votes * 65536) < by_both->best[KEPT - 1].worth * total;
}

/* The numbers of the rules to rank, each once, rising. */
static size_t
preselect(const Tables *tables, const Scratch *scratch, uint64_t *rules)
{
    Keepers lists[3] = {{.count = 0}, {.count = 0}, {.count = 0}}; /* by votes, by share, by both */
    size_t count = 0, distinct = 0;
    for (size_t at = 0; at < scratch->touched_count; at++) {
        int32_t rule = scratch->touched[at], total = tables->gram_counts[rule];
        int64_t votes = scratch->votes[rule];
        keep(&lists[0], (Vote){0, votes, rule});
        if (total <= 0 || hopeless(&lists[1], &lists[2], votes, total))
            continue;
        int64_t share = votes * 65536 / total;
        keep(&lists[1], (Vote){share, votes, rule});
        keep(&lists[2], (Vote){votes * share, votes, rule});
    }
    for (size_t list = 0; list < 3; list++)
        for (size_t at = 0; at < lists[list].count; at++)
            rules[count++] = (uint64_t)lists[list].best[at].rule;
    if (count)
        qsort(rules, count, sizeof *rules, by_number);
    for (size_t at = 0; at < count; at++)
        if (!at || rules[at] != rules[at - 1])
            rules[distinct++] = rules[at];
    return distinct;
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
    vote_all(tables, scratch);
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
ranked(const Tables *tables, int top)
{
    Scratch scratch = {0};
    Score scores[MOST];
    size_t count = 0;
    int status = -1;
    Py_BEGIN_ALLOW_THREADS
    scratch.votes = calloc(tables->rule_count + 1, sizeof *scratch.votes);
    scratch.touched = malloc((tables->rule_count + 1) * sizeof *scratch.touched);
    scratch.counts = calloc(SIZES, sizeof *scratch.counts);
    if (scratch.votes && scratch.touched && scratch.counts && distinct_grams(tables, &scratch) == 0) {
        count = rank(tables, &scratch, scores);
        status = 0;
    }
    free(scratch.votes);
    free(scratch.touched);
    free(scratch.counts);
    free(scratch.grams);
    Py_END_ALLOW_THREADS
    if (status < 0)
        return PyErr_NoMemory();
    int32_t rules[MOST];
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
check_and_rank(Arrays *arrays, PyObject *const *objects, Tables *t, int top)
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
    return ranked(t, top);
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
    (void)module;
    if (!PyArg_ParseTuple(args, "OOOOOOOOOOOOOOii", &o[0], &o[1], &o[2], &o[3], &o[4], &o[5], &o[6], &o[7], &o[8], &o[9],
                          &o[10], &o[11], &o[12], &o[13], &high, &top))
        return NULL;
    tables.high = high;
    answer = check_and_rank(&arrays, o, &tables, top);
    arrays_close(&arrays);
    return answer;
}
