#include "simulation/fiber.hpp"

#include <sys/mman.h>
#include <ucontext.h>

#include <cstdint>
#include <exception>
#include <new>
#include <utility>

// The sanitizers have to be told when the stack changes under them.
#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>
#define HEARTH_FIBER_ADDRESS 1
#else
#define HEARTH_FIBER_ADDRESS 0
#endif
#if defined(__SANITIZE_THREAD__)
#include <sanitizer/tsan_interface.h>
#define HEARTH_FIBER_THREAD 1
#else
#define HEARTH_FIBER_THREAD 0
#endif

namespace hearth::simulation {

Stacks::~Stacks() {
    for (auto* const stack : free_) (void)::munmap(stack, size);
}

char* Stacks::take() {
    if (!free_.empty()) {
        auto* const stack = free_.back();
        free_.pop_back();
        return stack;
    }
    void* const pages = ::mmap(nullptr, size, PROT_READ | PROT_WRITE,
                               MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (pages == MAP_FAILED) throw std::bad_alloc();
    // Below it there is nothing: what overflows the stack ends the program.
    (void)::mprotect(pages, 4096, PROT_NONE);
    return static_cast<char*>(pages);
}

void Stacks::give_back(char* stack) {
#if HEARTH_FIBER_ADDRESS
    ASAN_UNPOISON_MEMORY_REGION(stack, size);
#endif
    free_.push_back(stack);
}

struct Fiber::State {
    State(Stacks& from, std::move_only_function<void()> what)
        : stacks(from), run(std::move(what)) {}

    Stacks& stacks;
    std::move_only_function<void()> run;
    char* stack = nullptr;
    ucontext_t inside{};
    ucontext_t outside{};
    bool started = false;
    bool done = false;
    bool unwinding = false;
    std::exception_ptr failure;
#if HEARTH_FIBER_ADDRESS
    void* inside_shadow = nullptr;
    void* outside_shadow = nullptr;
    const void* outside_stack = nullptr;
    std::size_t outside_size = 0;
#endif
#if HEARTH_FIBER_THREAD
    void* inside_thread = nullptr;
    void* outside_thread = nullptr;
#endif

    void enter() {
#if HEARTH_FIBER_ADDRESS
        __sanitizer_start_switch_fiber(&outside_shadow, stack, Stacks::size);
#endif
#if HEARTH_FIBER_THREAD
        outside_thread = __tsan_get_current_fiber();
        __tsan_switch_to_fiber(inside_thread, 0);
#endif
        (void)::swapcontext(&outside, &inside);
#if HEARTH_FIBER_ADDRESS
        __sanitizer_finish_switch_fiber(outside_shadow, nullptr, nullptr);
#endif
    }
    void entered() {
#if HEARTH_FIBER_ADDRESS
        __sanitizer_finish_switch_fiber(inside_shadow, &outside_stack, &outside_size);
#endif
    }
    void leave() {
#if HEARTH_FIBER_ADDRESS
        __sanitizer_start_switch_fiber(done ? nullptr : &inside_shadow, outside_stack,
                                       outside_size);
#endif
#if HEARTH_FIBER_THREAD
        __tsan_switch_to_fiber(outside_thread, 0);
#endif
        (void)::swapcontext(&inside, &outside);
        entered();
    }
    void body() {
        entered();
        try {
            if (!unwinding) run();
        } catch (const Unwound&) {  // NOLINT(bugprone-empty-catch): it ends here.
        } catch (...) {
            failure = std::current_exception();
        }
        run = nullptr;
        done = true;
        leave();
    }
    // makecontext passes integers only.
    static void trampoline(unsigned high, unsigned low) {
        const auto address = (static_cast<std::uintptr_t>(high) << 32U) | low;
        reinterpret_cast<State*>(address)->body();  // NOLINT(performance-no-int-to-ptr)
    }
    void start() {
        started = true;
        stack = stacks.take();
        (void)::getcontext(&inside);
        inside.uc_stack.ss_sp = stack;
        inside.uc_stack.ss_size = Stacks::size;
        inside.uc_link = nullptr;
        const auto address = reinterpret_cast<std::uintptr_t>(this);
        ::makecontext(&inside, reinterpret_cast<void (*)()>(&trampoline), 2,
                      static_cast<unsigned>(address >> 32U), static_cast<unsigned>(address));
#if HEARTH_FIBER_THREAD
        inside_thread = __tsan_create_fiber(0);
#endif
    }
};

Fiber::Fiber(Stacks& stacks, std::move_only_function<void()> run)
    : state_(std::make_unique<State>(stacks, std::move(run))) {}

Fiber::~Fiber() {
    if (state_->started && !state_->done) {
        state_->unwinding = true;
        state_->enter();
    }
#if HEARTH_FIBER_THREAD
    if (state_->inside_thread != nullptr) __tsan_destroy_fiber(state_->inside_thread);
#endif
    if (state_->stack != nullptr) state_->stacks.give_back(state_->stack);
}

void Fiber::resume() {
    if (!state_->started) state_->start();
    state_->enter();
    if (state_->failure) std::rethrow_exception(std::exchange(state_->failure, nullptr));
}

void Fiber::rest() {
    state_->leave();
    if (state_->unwinding) throw Unwound{};
}

bool Fiber::done() const noexcept { return state_->done; }

}  // namespace hearth::simulation
