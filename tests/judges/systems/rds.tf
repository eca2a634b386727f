data "aws_vpc" "default" {
  default = true
}

data "aws_subnets" "default" {
  filter {
    name   = "vpc-id"
    values = [data.aws_vpc.default.id]
  }
}

resource "aws_security_group" "database" {
  name        = "orders-database"
  description = "Who reaches the orders"
  vpc_id      = data.aws_vpc.default.id
}

resource "aws_db_subnet_group" "orders" {
  name        = "orders"
  description = "Where the orders stand"
  subnet_ids  = data.aws_subnets.default.ids
  tags        = { team = "orders" }
}

resource "aws_db_parameter_group" "orders" {
  name        = "orders"
  family      = "postgres16"
  description = "Settings of the orders"
  parameter {
    name  = "log_min_duration_statement"
    value = "1000"
  }
  parameter {
    name         = "max_connections"
    value        = "80"
    apply_method = "pending-reboot"
  }
}

resource "aws_db_instance" "orders" {
  identifier                = "orders"
  engine                    = "postgres"
  engine_version            = "16"
  instance_class            = "db.t3.micro"
  allocated_storage         = 20
  db_name                   = "orders"
  username                  = "shop"
  password                  = "correct-horse-battery"
  db_subnet_group_name      = aws_db_subnet_group.orders.name
  parameter_group_name      = aws_db_parameter_group.orders.name
  vpc_security_group_ids    = [aws_security_group.database.id]
  backup_retention_period   = 1
  deletion_protection       = false
  final_snapshot_identifier = "orders-last"
  apply_immediately         = true
  tags                      = { team = "orders" }
}
