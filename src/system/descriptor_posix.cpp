#include <unistd.h>

#include "core/descriptor.hpp"

namespace hearth {

void close_descriptor(int number) noexcept { (void)::close(number); }

}  // namespace hearth
