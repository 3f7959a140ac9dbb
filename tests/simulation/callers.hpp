// Programs that ask a process for credentials, and what they were given.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "simulation/process.hpp"

namespace hearth::simulation {

class Callers {
  public:
    Callers(const Witness& witness, Promises& promises) : witness_(witness), promises_(promises) {}

    using Answered = std::function<void(bool served)>;
    // Asks; `told` hears how it ended, unless the process dies first.
    void ask(Process& process, const ProfileName& profile, const session::Demand& demand,
             Answered told = {});
    // Says that a resource server did not take the token.
    void reject(Process& process, const ProfileName& profile, const std::string& token,
                const session::Demand& demand);
    // One of those who wait does so no longer.
    void leave(Process& process);
    void died(int process);
    // The token that was handed out last for the profile.
    [[nodiscard]] std::optional<std::string> last(const Process& process,
                                                  const ProfileName& profile) const;

  private:
    struct Open {
        Question question;
        std::unique_ptr<session::Ticket> ticket;
        Answered told;
    };
    Question ready(Process& process, const ProfileName& profile, const session::Demand& demand);
    std::uint64_t begin(Process& process, Question question, Span patience, Answered told);
    void end(Process& process, std::uint64_t number, Result<CredentialPtr> result);
    void watch(Process& process, std::uint64_t number, Span patience);
    static std::optional<Version> working(Process& process, const ProfileName& profile);

    Witness witness_;
    Promises& promises_;
    std::uint64_t next_ = 1;
    std::map<std::pair<int, std::uint64_t>, Open> open_;
    std::map<std::pair<int, std::string>, CredentialPtr> last_;
};

}  // namespace hearth::simulation
