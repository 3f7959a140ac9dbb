// hearth-simulate: any number of seeds, each a world of its own.
#include <CLI/CLI.hpp>
#include <atomic>
#include <iostream>
#include <mutex>
#include <thread>
#include <vector>

#include "simulation/run.hpp"

namespace hearth::simulation {
namespace {

struct Arguments {
    std::uint64_t seeds = 100;
    std::uint64_t from = 1;
    std::uint64_t steps = Order{}.steps;
    unsigned jobs = 1;
    bool trace = false;
    bool keep_going = false;
    std::string plant = "none";
};

Order order_for(const Arguments& arguments, std::uint64_t seed) {
    return {.seed = seed,
            .steps = arguments.steps,
            .plant = parse_plant(arguments.plant).value_or(Plant::none),
            .trace = nullptr};
}

// Worlds share nothing, so each thread takes the next seed.
Outcome simulate_all(const Arguments& arguments) {
    Outcome all;
    std::mutex mutex;
    std::atomic<std::uint64_t> next = 0;
    std::atomic<bool> failed = false;
    const auto work = [&] {
        while (arguments.keep_going || !failed) {
            const auto index = next++;
            if (index >= arguments.seeds) return;
            const auto outcome = simulate(order_for(arguments, arguments.from + index));
            if (outcome.violations > 0) failed = true;
            const std::scoped_lock lock(mutex);
            all.add(outcome);
            if (outcome.violations > 0 && arguments.keep_going)
                std::cout << "seed " << *outcome.failing_seed << ": " << outcome.violation << '\n';
        }
    };
    std::vector<std::jthread> threads;
    for (unsigned i = 1; i < arguments.jobs; ++i) threads.emplace_back(work);
    work();
    threads.clear();
    return all;
}

void print_summary(const Outcome& outcome) {
    std::cout << "seeds " << outcome.worlds << ", steps " << outcome.steps << ", virtual years "
              << outcome.time.count() << ", renewals " << outcome.tally.of(Reached::renewed)
              << ", crashes " << outcome.crashes << ", violations " << outcome.violations << '\n';
}

void print_tally(const Tally& tally) {
    for (std::size_t i = 0; i < tally.counts.size(); ++i) {
        std::cout << "  " << to_string(static_cast<Reached>(i)) << ": " << tally.counts.at(i)
                  << '\n';
    }
}

void print_failure(const Arguments& arguments, const Outcome& outcome) {
    auto order = order_for(arguments, *outcome.failing_seed);
    order.trace = &std::cout;
    (void)simulate(order);
    std::cout << "\nseed " << *outcome.failing_seed << " breaks a promise: " << outcome.violation
              << "\nto see it again: hearth-simulate --seeds 1 --from " << *outcome.failing_seed
              << " --steps " << arguments.steps;
    if (order.plant != Plant::none) std::cout << " --plant " << arguments.plant;
    std::cout << '\n';
}

int run(const Arguments& arguments) {
    if (arguments.trace) {
        auto order = order_for(arguments, arguments.from);
        order.trace = &std::cout;
        const auto outcome = simulate(order);
        print_summary(outcome);
        return outcome.violations > 0 ? 1 : 0;
    }
    const auto outcome = simulate_all(arguments);
    if (outcome.failing_seed && !arguments.keep_going) print_failure(arguments, outcome);
    print_tally(outcome.tally);
    print_summary(outcome);
    return outcome.violations > 0 ? 1 : 0;
}

}  // namespace
}  // namespace hearth::simulation

int main(int argc, char** argv) {
    using namespace hearth::simulation;
    Arguments arguments;
    CLI::App app("Runs hearth's engine in simulated worlds and checks its promises in each.");
    app.add_option("--seeds", arguments.seeds, "How many worlds")->capture_default_str();
    app.add_option("--from", arguments.from, "The first seed")->capture_default_str();
    app.add_option("--steps", arguments.steps, "Steps of each world until its faults stop")
        ->capture_default_str();
    app.add_option("--jobs", arguments.jobs, "Worlds at a time")->capture_default_str();
    app.add_flag("--trace", arguments.trace, "Tell everything that happens in the first world");
    app.add_flag("--keep-going", arguments.keep_going, "Go on after a broken promise");
    app.add_option("--plant", arguments.plant, "Plant a fault that has to be caught")
        ->check([](const std::string& name) {
            if (name == "none" || parse_plant(name)) return std::string();
            std::string known;
            for (const auto& one : plants()) known += " " + std::string(one.name);
            return "there is no such fault; there are" + known;
        });
    CLI11_PARSE(app, argc, argv);
    try {
        return run(arguments);
    } catch (const std::exception& exception) {
        std::cerr << "hearth-simulate: " << exception.what() << '\n';
        return 1;
    }
}
