#include "CHiGHS.h"
