// Four threads that ask for a profile's credential a million times each while hearth renews it
// behind them.
//
//   many_threads PROFILE
#include <atomic>
#include <hearth/hearth.hpp>
#include <iostream>
#include <thread>
#include <vector>

int main(int count, char** arguments) {
    if (count != 2) {
        std::cerr << "usage: many_threads PROFILE\n";
        return static_cast<int>(hearth::Remedy::usage);
    }
    const auto hearth = hearth::Hearth::open();
    if (!hearth) {
        std::cerr << "many_threads: " << hearth.error().what << '\n';
        return static_cast<int>(hearth.error().remedy);
    }
    std::atomic<long> warm = 0;
    std::atomic<int> failures = 0;
    {
        std::vector<std::jthread> threads;
        threads.reserve(4);
        for (int i = 0; i < 4; ++i) {
            threads.emplace_back([&] {
                // One reader for each thread: asking it takes no lock while the credential is warm.
                auto reader = (*hearth)->reader(arguments[1]);
                if (!reader || !reader->credential()) {
                    ++failures;
                    return;
                }
                long seen = 0;
                for (int ask = 0; ask < 1'000'000; ++ask) seen += reader->warm() != nullptr ? 1 : 0;
                warm += seen;
            });
        }
    }
    std::cout << warm << " times at once, " << failures << " threads without a credential\n";
    return failures == 0 ? 0 : 1;
}
