// What the kernel is told to refuse to this process for the rest of its life.
#pragma once

namespace hearth::system {

// Whoever takes over a process that only listens, asks and answers must not be able to make more of
// it: no other program is started, no process is looked into or traced, no namespace, kernel module
// or unusual socket is opened. Such calls fail with EPERM in every thread there is and will be.
// After harden_process, which gives up new privileges. False, with nothing changed, where the
// kernel cannot.
bool confine_process() noexcept;

}  // namespace hearth::system
