#pragma once

#include <string>

#include "session/lock.hpp"

namespace hearth::system {

// One JSON file per session in `sessions/` below the state folder. A journal of a newer format is
// an error, so that it is not overwritten.
class FileJournals : public session::Journals {
  public:
    explicit FileJournals(const std::string& state_folder) : folder_(state_folder + "/sessions") {}

    Result<session::Journal> read(const SessionId& id) override;
    Result<> write(const SessionId& id, const session::Journal& journal) override;
    // Writes by this process are told of too. When the system loses track, every journal counts as
    // changed.
    Result<std::unique_ptr<Watch>> watch(std::function<void(SessionId)> changed) override;

  private:
    [[nodiscard]] std::string path(const SessionId& id) const {
        return folder_ + "/" + id.text() + ".json";
    }

    std::string folder_;
};

}  // namespace hearth::system
