// What botocore makes of the same configuration. It is the distribution's, in a process of its own.
#pragma once

#include <array>
#include <cstdio>
#include <initializer_list>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "unit/system/temporary_folder.hpp"

namespace hearth::providers::aws {

struct CloseCommand {
    void operator()(std::FILE* command) const noexcept { ::pclose(command); }
};

inline std::string output_of(const std::string& command) {
    // NOLINTNEXTLINE(cert-env33-c): the command is made of the build's own paths.
    const std::unique_ptr<std::FILE, CloseCommand> pipe(::popen(command.c_str(), "r"));
    std::string output;
    std::array<char, 4096> piece{};
    while (const auto size = std::fread(piece.data(), 1, piece.size(), pipe.get()))
        output.append(piece.data(), size);
    return output;
}

// One line of the script's for each of the files' numbers.
inline std::vector<std::string> botocore_says(const std::string& script,
                                              const testing::TemporaryFolder& folder) {
    const auto output = output_of(HEARTH_PYTHON " -IB " HEARTH_SOURCE_DIR "/tests/unit/aws/" +
                                  script + " '" + folder.path() + "'");
    std::vector<std::string> lines;
    for (std::size_t from = 0; from < output.size();) {
        const auto end = std::min(output.find('\n', from), output.size());
        lines.push_back(output.substr(from, end - from));
        from = end + 1;
    }
    return lines;
}

// Draws the same from the same seed.
class Chance {
  public:
    explicit Chance(unsigned seed) : random_(seed) {}

    std::size_t below(std::size_t limit) { return random_() % limit; }
    bool one_in(std::size_t count) { return below(count) == 0; }
    std::string any(std::initializer_list<const char*> words) {
        return words.begin()[below(words.size())];
    }

  private:
    std::mt19937 random_;
};

}  // namespace hearth::providers::aws
