#ifndef _GNU_SOURCE
#define _GNU_SOURCE 1
#endif

#include "CHiGHS.h"

#include <dlfcn.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#ifdef __APPLE__
#include <mach-o/dyld.h>
#endif

#ifndef PATH_MAX
#define PATH_MAX 4096
#endif

// The functions used, with the signatures that HiGHS documents for its C
// interface: field, symbol, whether a library without it is refused.
#define CHIGHS_FUNCTIONS(X) \
    X(version, "Highs_version", 1) \
    X(size_of_int, "Highs_getSizeofHighsInt", 1) \
    X(create, "Highs_create", 1) \
    X(destroy, "Highs_destroy", 1) \
    X(set_bool, "Highs_setBoolOptionValue", 1) \
    X(set_int, "Highs_setIntOptionValue", 1) \
    X(set_double, "Highs_setDoubleOptionValue", 1) \
    X(set_string, "Highs_setStringOptionValue", 1) \
    X(pass_lp, "Highs_passLp", 1) \
    X(pass_mip, "Highs_passMip", 1) \
    X(add_rows, "Highs_addRows", 1) \
    X(add_columns, "Highs_addCols", 1) \
    X(change_cost, "Highs_changeColCost", 1) \
    X(change_column_bounds, "Highs_changeColBounds", 1) \
    X(change_row_bounds, "Highs_changeRowBounds", 1) \
    X(change_integrality, "Highs_changeColIntegrality", 1) \
    X(run, "Highs_run", 1) \
    X(model_status, "Highs_getModelStatus", 1) \
    X(solution, "Highs_getSolution", 1) \
    X(int_info, "Highs_getIntInfoValue", 1) \
    X(int64_info, "Highs_getInt64InfoValue", 1) \
    X(double_info, "Highs_getDoubleInfoValue", 1) \
    X(iis, "Highs_getIis", 0)

static struct {
    const char *(*version)(void);
    chighs_int (*size_of_int)(const void *);
    void *(*create)(void);
    void (*destroy)(void *);
    chighs_int (*set_bool)(void *, const char *, chighs_int);
    chighs_int (*set_int)(void *, const char *, chighs_int);
    chighs_int (*set_double)(void *, const char *, double);
    chighs_int (*set_string)(void *, const char *, const char *);
    chighs_int (*pass_lp)(
        void *, chighs_int, chighs_int, chighs_int, chighs_int, chighs_int, double, const double *,
        const double *, const double *, const double *, const double *, const chighs_int *,
        const chighs_int *, const double *);
    chighs_int (*pass_mip)(
        void *, chighs_int, chighs_int, chighs_int, chighs_int, chighs_int, double, const double *,
        const double *, const double *, const double *, const double *, const chighs_int *,
        const chighs_int *, const double *, const chighs_int *);
    chighs_int (*add_rows)(
        void *, chighs_int, const double *, const double *, chighs_int, const chighs_int *,
        const chighs_int *, const double *);
    chighs_int (*add_columns)(
        void *, chighs_int, const double *, const double *, const double *, chighs_int,
        const chighs_int *, const chighs_int *, const double *);
    chighs_int (*change_cost)(void *, chighs_int, double);
    chighs_int (*change_column_bounds)(void *, chighs_int, double, double);
    chighs_int (*change_row_bounds)(void *, chighs_int, double, double);
    chighs_int (*change_integrality)(void *, chighs_int, chighs_int);
    chighs_int (*run)(void *);
    chighs_int (*model_status)(const void *);
    chighs_int (*solution)(const void *, double *, double *, double *, double *);
    chighs_int (*int_info)(const void *, const char *, chighs_int *);
    chighs_int (*int64_info)(const void *, const char *, int64_t *);
    chighs_int (*double_info)(const void *, const char *, double *);
    chighs_int (*iis)(
        void *, chighs_int *, chighs_int *, chighs_int *, chighs_int *, chighs_int *, chighs_int *,
        chighs_int *, chighs_int *);
} highs;

static pthread_once_t once = PTHREAD_ONCE_INIT;
static int loaded = 0;
static char error_text[2 * PATH_MAX];
static char library_path[PATH_MAX];

static const char remedy[] = "run `scripts/bootstrap` in the checkout, or set PLIMSOLL_HIGHS to a libhighs";

#ifdef __APPLE__
static const char *const file_names[] = {"libhighs.dylib", "libhighs.1.dylib"};
static const char *const system_names[] = {
    "libhighs.dylib", "/opt/homebrew/lib/libhighs.dylib", "/usr/local/lib/libhighs.dylib"};
#else
static const char *const file_names[] = {"libhighs.so.1", "libhighs.so"};
static const char *const system_names[] = {"libhighs.so.1", "libhighs.so"};
#endif

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

// Resolves every function, or says in error_text what the library lacks.
static int resolve(void *handle, const char *path) {
#define RESOLVE(field, symbol, needed) \
    { \
        void *address = dlsym(handle, symbol); \
        if (!address && needed) { \
            snprintf(error_text, sizeof error_text, "`%s` is no HiGHS library: it has no %s", path, symbol); \
            return 0; \
        } \
        memcpy(&highs.field, &address, sizeof address); \
    }
    CHIGHS_FUNCTIONS(RESOLVE)
#undef RESOLVE
    chighs_int size = highs.size_of_int(NULL);
    if (size != (chighs_int)sizeof(chighs_int)) {
        snprintf(
            error_text, sizeof error_text, "`%s` is a HiGHS built with %d-bit indices, 32-bit is needed", path,
            (int)size * 8);
        return 0;
    }
    return 1;
}

// Opens one file or system name. Returns 1 when HiGHS is ready for use; when
// the file is not what it should be, error_text says so.
static int open_library(const char *name) {
    void *handle = dlopen(name, RTLD_NOW | RTLD_LOCAL);
    if (!handle) {
        const char *reason = dlerror();
        snprintf(error_text, sizeof error_text, "`%s` cannot be loaded (%s)", name, reason ? reason : "no reason given");
        return 0;
    }
    if (!resolve(handle, name)) {
        dlclose(handle);
        return 0;
    }
    Dl_info info;
    void *address;
    memcpy(&address, &highs.create, sizeof address);
    const char *path = dladdr(address, &info) && info.dli_fname ? info.dli_fname : name;
    // A name without a slash is the loader's and has no real path of its own.
    if (!strchr(path, '/') || !realpath(path, library_path)) {
        snprintf(library_path, sizeof library_path, "%s", path);
    }
    return 1;
}

// A program may lie below a directory that others can write to, such as /tmp: a
// library there is only trusted when it belongs to root, the user or whoever
// owns the program itself.
static int is_trusted(const char *path, uid_t owner) {
    struct stat status;
    if (stat(path, &status) != 0 || !S_ISREG(status.st_mode)) return 0;
    return status.st_uid == 0 || status.st_uid == geteuid() || status.st_uid == owner;
}

// Tries the known file names in DIRECTORY/BELOW.
static int open_in(const char *directory, const char *below, uid_t owner) {
    for (size_t i = 0; i < COUNT(file_names); i++) {
        char path[PATH_MAX];
        int length = snprintf(path, sizeof path, "%s/%s/%s", directory, below, file_names[i]);
        if (length < 0 || (size_t)length >= sizeof path || !is_trusted(path, owner)) continue;
        if (open_library(path)) return 1;
    }
    return 0;
}

// Cuts the last component off; returns 0 when the root has been reached.
static int parent(char *path) {
    char *slash = strrchr(path, '/');
    if (!slash || path[1] == '\0') return 0;
    slash[slash == path ? 1 : 0] = '\0';
    return 1;
}

// ../lib beside the image, then .tools/lib of every directory above it.
static int open_around(const char *image) {
    char directory[PATH_MAX];
    struct stat status;
    if (stat(image, &status) != 0) return 0;
    snprintf(directory, sizeof directory, "%s", image);
    if (!parent(directory)) return 0;
    if (open_in(directory, "../lib", status.st_uid)) return 1;
    do {
        if (open_in(strcmp(directory, "/") == 0 ? "" : directory, ".tools/lib", status.st_uid)) return 1;
    } while (parent(directory));
    return 0;
}

// The real path of the running program, or "".
static void executable_path(char path[PATH_MAX]) {
    path[0] = '\0';
#ifdef __APPLE__
    char raw[PATH_MAX];
    uint32_t size = sizeof raw;
    if (_NSGetExecutablePath(raw, &size) != 0 || !realpath(raw, path)) path[0] = '\0';
#else
    if (!realpath("/proc/self/exe", path)) path[0] = '\0';
#endif
}

// The real path of the image this code is in: differs from the program's when
// a test runner loads a bundle.
static void image_path(char path[PATH_MAX]) {
    path[0] = '\0';
    Dl_info info;
    if (!dladdr((const void *)&once, &info) || !info.dli_fname || info.dli_fname[0] != '/') return;
    if (!realpath(info.dli_fname, path)) path[0] = '\0';
}

static int search(void) {
    const char *chosen = getenv("PLIMSOLL_HIGHS");
    if (chosen && chosen[0]) {
        // A wish that can't be met is an error: falling back to another library
        // would hide it.
        if (open_library(chosen)) return 1;
        char reason[PATH_MAX];
        snprintf(reason, sizeof reason, "%.*s", (int)sizeof reason - 1, error_text);
        snprintf(error_text, sizeof error_text, "PLIMSOLL_HIGHS: %s: unset it, or name a libhighs", reason);
        return 0;
    }
    char executable[PATH_MAX], image[PATH_MAX];
    executable_path(executable);
    if (executable[0] && open_around(executable)) return 1;
    image_path(image);
    if (image[0] && strcmp(image, executable) != 0 && open_around(image)) return 1;
    // What was found but would not load is the better explanation than "nothing found".
    char found[PATH_MAX];
    snprintf(found, sizeof found, "%.*s", (int)sizeof found - 1, error_text);
    for (size_t i = 0; i < COUNT(system_names); i++) {
        if (open_library(system_names[i])) return 1;
    }
    if (found[0]) {
        snprintf(error_text, sizeof error_text, "%s: %s", found, remedy);
    } else {
        snprintf(error_text, sizeof error_text, "the solver HiGHS is not installed: %s", remedy);
    }
    return 0;
}

static void load_once(void) {
    loaded = search();
    if (loaded) error_text[0] = '\0';
}

int chighs_load(void) {
    pthread_once(&once, load_once);
    return loaded;
}

const char *chighs_error(void) { return chighs_load() ? "" : error_text; }
const char *chighs_path(void) { return chighs_load() ? library_path : ""; }
const char *chighs_version(void) { return chighs_load() ? highs.version() : ""; }

chighs_instance *chighs_create(void) { return chighs_load() ? highs.create() : NULL; }
void chighs_destroy(chighs_instance *instance) {
    if (instance) highs.destroy(instance);
}

chighs_int chighs_set_bool(chighs_instance *instance, const char *option, chighs_int value) {
    return highs.set_bool(instance, option, value);
}
chighs_int chighs_set_int(chighs_instance *instance, const char *option, chighs_int value) {
    return highs.set_int(instance, option, value);
}
chighs_int chighs_set_double(chighs_instance *instance, const char *option, double value) {
    return highs.set_double(instance, option, value);
}
chighs_int chighs_set_string(chighs_instance *instance, const char *option, const char *value) {
    return highs.set_string(instance, option, value);
}

chighs_int chighs_pass_model(
    chighs_instance *instance, chighs_int columns, chighs_int rows, chighs_int nonzeros,
    chighs_int sense, double offset, const double *cost, const double *column_lower,
    const double *column_upper, const double *row_lower, const double *row_upper,
    const chighs_int *starts, const chighs_int *indices, const double *values,
    const chighs_int *integrality) {
    if (integrality) {
        return highs.pass_mip(
            instance, columns, rows, nonzeros, CHIGHS_ROWWISE, sense, offset, cost, column_lower,
            column_upper, row_lower, row_upper, starts, indices, values, integrality);
    }
    return highs.pass_lp(
        instance, columns, rows, nonzeros, CHIGHS_ROWWISE, sense, offset, cost, column_lower,
        column_upper, row_lower, row_upper, starts, indices, values);
}

chighs_int chighs_add_rows(
    chighs_instance *instance, chighs_int rows, const double *lower, const double *upper,
    chighs_int nonzeros, const chighs_int *starts, const chighs_int *indices, const double *values) {
    return highs.add_rows(instance, rows, lower, upper, nonzeros, starts, indices, values);
}
chighs_int chighs_add_columns(
    chighs_instance *instance, chighs_int columns, const double *cost, const double *lower,
    const double *upper, chighs_int nonzeros, const chighs_int *starts, const chighs_int *indices,
    const double *values) {
    return highs.add_columns(instance, columns, cost, lower, upper, nonzeros, starts, indices, values);
}
chighs_int chighs_change_cost(chighs_instance *instance, chighs_int column, double cost) {
    return highs.change_cost(instance, column, cost);
}
chighs_int chighs_change_column_bounds(
    chighs_instance *instance, chighs_int column, double lower, double upper) {
    return highs.change_column_bounds(instance, column, lower, upper);
}
chighs_int chighs_change_row_bounds(
    chighs_instance *instance, chighs_int row, double lower, double upper) {
    return highs.change_row_bounds(instance, row, lower, upper);
}
chighs_int chighs_change_integrality(
    chighs_instance *instance, chighs_int column, chighs_int integrality) {
    return highs.change_integrality(instance, column, integrality);
}

chighs_int chighs_run(chighs_instance *instance) { return highs.run(instance); }
chighs_int chighs_model_status(const chighs_instance *instance) { return highs.model_status(instance); }
chighs_int chighs_solution(
    const chighs_instance *instance, double *column_values, double *column_duals,
    double *row_values, double *row_duals) {
    return highs.solution(instance, column_values, column_duals, row_values, row_duals);
}
chighs_int chighs_int_info(const chighs_instance *instance, const char *name, chighs_int *value) {
    return highs.int_info(instance, name, value);
}
chighs_int chighs_int64_info(const chighs_instance *instance, const char *name, int64_t *value) {
    return highs.int64_info(instance, name, value);
}
chighs_int chighs_double_info(const chighs_instance *instance, const char *name, double *value) {
    return highs.double_info(instance, name, value);
}

chighs_int chighs_iis(
    chighs_instance *instance, chighs_int *columns, chighs_int *rows, chighs_int *column_indices,
    chighs_int *row_indices) {
    if (!highs.iis) return CHIGHS_STATUS_ERROR;
    // The last two are NULL because 1.15.1 reads through a null pointer when it
    // is to fill them and has found no subsystem.
    return highs.iis(instance, columns, rows, column_indices, row_indices, NULL, NULL, NULL, NULL);
}
