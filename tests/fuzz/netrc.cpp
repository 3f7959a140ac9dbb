// A .netrc file that a person and other programs wrote, in which hearth keeps one entry.
#include "sinks/netrc.hpp"
#include "fuzz/target.hpp"

namespace hearth::fuzz {

void try_input(std::string_view input) {
    static constexpr std::string_view machine = "git.example";
    static constexpr std::string_view login = "me";
    const auto entered = [](std::string_view text, std::string_view password) {
        return sinks::with_entry(text, {.machine = machine, .login = login, .password = password});
    };
    const auto first = entered(input, "first");
    require(first.reveal().contains("machine git.example login me password first"));
    // The next password takes the place of the one before, and of nothing else.
    const auto second = entered(first.reveal(), "other");
    require(second.size() == first.size());
    const auto again = entered(second.reveal(), "first");
    require(same_secret(again, first));
    // What is taken away is what was put there.
    const auto without = sinks::without_entry(first.reveal(), machine, login);
    require(without.size() < first.size());
}

}  // namespace hearth::fuzz
