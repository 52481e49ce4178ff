// A small door to the HiGHS solver, which is loaded when first asked for.
// Nothing links against HiGHS: programs build without it, and everything that
// needs no solver runs without it.

#ifndef CHIGHS_H
#define CHIGHS_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// HiGHS is built with 32-bit indices; a library built otherwise is refused.
typedef int32_t chighs_int;

// One HiGHS instance. Not safe for use by two threads at once.
typedef struct chighs_instance chighs_instance;

enum {
    CHIGHS_STATUS_ERROR = -1,
    CHIGHS_STATUS_OK = 0,
    CHIGHS_STATUS_WARNING = 1,
};

enum {
    CHIGHS_MODEL_EMPTY = 6,
    CHIGHS_MODEL_OPTIMAL = 7,
    CHIGHS_MODEL_INFEASIBLE = 8,
    CHIGHS_MODEL_UNBOUNDED_OR_INFEASIBLE = 9,
    CHIGHS_MODEL_UNBOUNDED = 10,
    CHIGHS_MODEL_OBJECTIVE_BOUND = 11,
    CHIGHS_MODEL_OBJECTIVE_TARGET = 12,
    CHIGHS_MODEL_TIME_LIMIT = 13,
    CHIGHS_MODEL_ITERATION_LIMIT = 14,
    CHIGHS_MODEL_UNKNOWN = 15,
    CHIGHS_MODEL_SOLUTION_LIMIT = 16,
    CHIGHS_MODEL_INTERRUPT = 17,
};

enum { CHIGHS_ROWWISE = 2 };
enum { CHIGHS_MINIMIZE = 1, CHIGHS_MAXIMIZE = -1 };
enum { CHIGHS_CONTINUOUS = 0, CHIGHS_INTEGER = 1 };

// Loads HiGHS, once per process and from any thread. Returns 1 when it is
// there, 0 when it is not; then chighs_error says why and what to do.
int chighs_load(void);

// One sentence, or "" while nothing is wrong. Valid for the process's life.
const char *chighs_error(void);

// The file that was loaded (or the name the system's loader resolved), or "".
const char *chighs_path(void);

// HiGHS's own version such as "1.15.1", or "".
const char *chighs_version(void);

// The functions below must only be called after chighs_load returned 1.
// chighs_create returns NULL when memory ends.
chighs_instance *chighs_create(void);
void chighs_destroy(chighs_instance *instance);

chighs_int chighs_set_bool(chighs_instance *instance, const char *option, chighs_int value);
chighs_int chighs_set_int(chighs_instance *instance, const char *option, chighs_int value);
chighs_int chighs_set_double(chighs_instance *instance, const char *option, double value);
chighs_int chighs_set_string(chighs_instance *instance, const char *option, const char *value);

// Replaces the model. The matrix is compressed by rows; `integrality` may be
// NULL for a linear program.
chighs_int chighs_pass_model(
    chighs_instance *instance, chighs_int columns, chighs_int rows, chighs_int nonzeros,
    chighs_int sense, double offset, const double *cost, const double *column_lower,
    const double *column_upper, const double *row_lower, const double *row_upper,
    const chighs_int *starts, const chighs_int *indices, const double *values,
    const chighs_int *integrality);

chighs_int chighs_add_rows(
    chighs_instance *instance, chighs_int rows, const double *lower, const double *upper,
    chighs_int nonzeros, const chighs_int *starts, const chighs_int *indices, const double *values);
chighs_int chighs_add_columns(
    chighs_instance *instance, chighs_int columns, const double *cost, const double *lower,
    const double *upper, chighs_int nonzeros, const chighs_int *starts, const chighs_int *indices,
    const double *values);
chighs_int chighs_change_cost(chighs_instance *instance, chighs_int column, double cost);
chighs_int chighs_change_column_bounds(
    chighs_instance *instance, chighs_int column, double lower, double upper);
chighs_int chighs_change_row_bounds(
    chighs_instance *instance, chighs_int row, double lower, double upper);
chighs_int chighs_change_integrality(
    chighs_instance *instance, chighs_int column, chighs_int integrality);

chighs_int chighs_run(chighs_instance *instance);
chighs_int chighs_model_status(const chighs_instance *instance);
chighs_int chighs_solution(
    const chighs_instance *instance, double *column_values, double *column_duals,
    double *row_values, double *row_duals);
chighs_int chighs_int_info(const chighs_instance *instance, const char *name, chighs_int *value);
chighs_int chighs_int64_info(const chighs_instance *instance, const char *name, int64_t *value);
chighs_int chighs_double_info(const chighs_instance *instance, const char *name, double *value);

// An irreducible infeasible subsystem of the linear relaxation: how many columns
// and rows, and which. The arrays have room for all columns and rows. Returns
// CHIGHS_STATUS_ERROR where the library is too old to have the function.
chighs_int chighs_iis(
    chighs_instance *instance, chighs_int *columns, chighs_int *rows, chighs_int *column_indices,
    chighs_int *row_indices);

#ifdef __cplusplus
}
#endif

#endif
