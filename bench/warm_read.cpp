// A token that is already in this process: the reader against its floor, an atomic pointer and a
// steady clock.
#include <benchmark/benchmark.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <mutex>

#include "library/warm_view.hpp"
#include "system/clock.hpp"

namespace {

using hearth::Credential;
using hearth::CredentialPtr;

CredentialPtr credential() {
    Credential::Parts parts;
    parts.token = hearth::Secret(std::string(108, 't'));
    return std::make_shared<const Credential>(std::move(parts));
}

const std::shared_ptr<hearth::session::Publication>& publication() {
    static const auto published = [] {
        auto one = std::make_shared<hearth::session::Publication>();
        hearth::session::Publication::View view;
        view.credential = credential();
        one->publish(std::move(view));
        return one;
    }();
    return published;
}

void floor_pointer_and_steady_clock(benchmark::State& state) {
    static const auto held = credential();
    // NOLINTNEXTLINE(misc-const-correctness): what is measured is a pointer that may change.
    static std::atomic<const Credential*> pointer{held.get()};
    for ([[maybe_unused]] auto turn : state) {
        benchmark::DoNotOptimize(std::chrono::steady_clock::now());
        benchmark::DoNotOptimize(pointer.load(std::memory_order_acquire));
    }
}

void reader(benchmark::State& state) {
    const hearth::system::SystemClock clock;
    hearth::library::WarmView view(publication(), clock);
    for ([[maybe_unused]] auto turn : state) benchmark::DoNotOptimize(view.get());
}

void mutex_and_shared_pointer(benchmark::State& state) {
    static std::mutex mutex;
    static const auto held = credential();
    for ([[maybe_unused]] auto turn : state) {
        benchmark::DoNotOptimize(std::chrono::steady_clock::now());
        const std::scoped_lock lock(mutex);
        benchmark::DoNotOptimize(CredentialPtr(held));
    }
}

}  // namespace

BENCHMARK(floor_pointer_and_steady_clock)->Threads(1)->Threads(2);
BENCHMARK(reader)->Threads(1)->Threads(2);
BENCHMARK(mutex_and_shared_pointer)->Threads(1)->Threads(2);
BENCHMARK_MAIN();
