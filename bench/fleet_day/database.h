// The fleet's PostgreSQL: a database in which each person has an account, a session for each device, and
// their tasks, which all devices hold already.
//
// A million and a half tasks take longer to store than a scenario to run. So they are stored once, in a
// template that is named by the settings, and each scenario begins with a copy.
#pragma once

#include <string>

#include "bench/fleet_day/people.h"
#include "bench/fleet_day/settings.h"

namespace tidemark::fleet {

// Throws Failed. Drops its database, not the template, when it goes.
class Database {
 public:
  // `admin_url`: a superuser of a server that nobody else uses.
  Database(std::string admin_url, const Settings& settings, const Crowd& crowd);
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  std::string owner_url() const;
  // As the role that serves.
  std::string service_url() const;

 private:
  void MakeTemplate(const Settings& settings, const Crowd& crowd);
  void FillTemplate(const std::string& url, const Settings& settings, const Crowd& crowd);
  void AddDevices(const Settings& settings, const Crowd& crowd);
  void Drop(const std::string& name);

  const std::string admin_url_;
  const std::string template_;
  const std::string name_;
};

// What the device has in its keeping: the refresh token of the session that the database knows.
std::string SeededRefreshToken(const Settings& settings, const Person& person, int device);

}  // namespace tidemark::fleet
