#pragma once

namespace hearth::system {

// Gives back to the system what this process can do without: freed memory, and the pages of
// programs and libraries that are read from their files again when they are next run. For a
// process that has worked and now waits; what follows is a little slower at first. Any thread.
void give_back_memory() noexcept;

}  // namespace hearth::system
