#include <cstdlib>
#include <exception>
#include <utility>
#include <vector>

#include "cli/program.hpp"

int main(int count, char** given) {
    const std::vector<std::string_view> words(given + (count > 0 ? 1 : 0), given + count);
    const hearth::Environment environment =
        [](std::string_view name) -> std::optional<std::string> {
        // NOLINTNEXTLINE(concurrency-mt-unsafe): there is one thread, and nobody sets variables.
        const char* const value = std::getenv(std::string(name).c_str());
        if (value == nullptr) return std::nullopt;
        return value;
    };
    try {
        return std::to_underlying(hearth::cli::run(words, environment));
    } catch (const std::exception& problem) {
        hearth::cli::Terminal(environment).words(std::string("hearth: ") + problem.what() + "\n");
        return std::to_underlying(hearth::cli::ExitStatus::failed);
    }
}
